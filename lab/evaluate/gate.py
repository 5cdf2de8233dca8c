"""Floors that only go up: scores on dev and cases passed must not fall below what they have been.

python -m lab.evaluate gate                   compare; exit code 1 below a floor
python -m lab.evaluate gate --update          raise the floors to what is measured
python -m lab.evaluate gate --lower "why"     set them to what is measured, down too, and keep the reason
"""

from __future__ import annotations

import argparse
import math
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from lab.shared import ABSENT, gold_file
from onrecord.errors import OnRecordError

from .gold import EvaluationError, file_digest, load_gold

FLOORS = Path(__file__).with_name("floors.toml")
GOLD = {"fr": "fr.dev.jsonl", "en": "en.dev.jsonl"}
GUARDED = ("content@0.8", "attributed", "named")  # F1 of each, by language
STEPS = 1000  # in one: scores are kept to this, rounded down, so that no floor is above what was measured


class Floors(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold, as kept in floors.toml."""

    gold: dict[str, str] = {}  # SHA-256 by file name: floors on other articles mean nothing
    scores: dict[str, dict[str, float]] = {}  # by language, by measure
    cases: dict[str, int] = {}  # how many pass, by language
    lowered: tuple[str, ...] = ()  # why floors were ever lowered, oldest first


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One floor beside what is measured; a missing one holds."""

    name: str
    floor: float | None
    measured: float | None

    @property
    def holds(self) -> bool:
        """Whether what is measured is at least the floor."""
        return self.floor is None or (self.measured is not None and self.measured >= self.floor)


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when every floor holds or was set anew, 1 when one does not."""
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate gate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="raise the floors to what is measured")
    parser.add_argument("--lower", metavar="WHY", help="set the floors to what is measured, down too")
    options = parser.parse_args(arguments)
    try:
        floors, now = load_floors(FLOORS), measure()
    except OnRecordError as error:
        print(error, file=sys.stderr)
        return 1
    if not now.gold:
        print(f"scores are not measured: {ABSENT}")
    return _set(floors, now, options.lower) if options.update or options.lower else _compare(floors, now)


def _compare(floors: Floors, now: Floors) -> int:
    moved = sorted(name for name, digest in now.gold.items() if floors.gold.get(name, digest) != digest)
    for name in moved:
        print(f"{name} is not the file the floors were measured on: set them anew with --update or --lower WHY")
    checks = list(checks_of(floors, now))
    print("\n".join(_line(check) for check in checks))
    return int(bool(moved) or not all(check.holds for check in checks))


def _set(floors: Floors, now: Floors, why: str | None) -> int:
    save_floors(FLOORS, lowered(floors, now, why) if why else raised(floors, now))
    print("\n".join(_line(check) for check in checks_of(load_floors(FLOORS), now)))
    print(f"floors are kept in {FLOORS.name}" + ("; say so in CHANGELOG.md" if why else ""))
    return 0


def measure() -> Floors:
    """What holds now. Scores only where the shared data is there."""
    from onrecord.desk import Desk

    from .cases import load_cases, passed_by_language, run_case
    from .reading import read_gold
    from .score import score

    desk = Desk()
    paths = {language: path for language, name in GOLD.items() if (path := gold_file(name)) is not None}
    scores: dict[str, dict[str, float]] = {}
    for language, path in paths.items():
        gold = load_gold(path)
        values = score(gold, read_gold(gold, desk, language)).values
        scores[language] = {name: value for name in GUARDED if (value := values[name]) is not None}
    return Floors(
        gold={path.name: file_digest(path) for path in paths.values()},
        scores=scores,
        cases=passed_by_language([run_case(case, desk) for case in load_cases()]),
    )


def checks_of(floors: Floors, now: Floors) -> Iterator[Check]:
    """Each floor beside what is measured; scores only for the languages that were measured."""
    for language, scores in now.scores.items():
        for name in GUARDED:
            floor = floors.scores.get(language, {}).get(name)
            yield Check(name=f"{language} {name}", floor=floor, measured=scores.get(name))
    for language in sorted({*floors.cases, *now.cases}):
        yield Check(name=f"{language} cases", floor=floors.cases.get(language), measured=now.cases.get(language))


def raised(floors: Floors, now: Floors) -> Floors:
    """Floors at the higher of what they were and what is measured; on other gold, the old scores are forgotten."""
    same = all(floors.gold.get(name, digest) == digest for name, digest in now.gold.items())
    old = floors.scores if same else {}
    scores = {
        language: {name: max(_down(value), old.get(language, {}).get(name, 0.0)) for name, value in values.items()}
        for language, values in now.scores.items()
    }
    cases = {language: max(n, floors.cases.get(language, 0)) for language, n in now.cases.items()}
    return Floors(gold=floors.gold | now.gold, scores=old | scores, cases=floors.cases | cases, lowered=floors.lowered)


def lowered(floors: Floors, now: Floors, why: str) -> Floors:
    """Floors at what is measured, whichever way, with the reason."""
    scores = {language: {name: _down(v) for name, v in values.items()} for language, values in now.scores.items()}
    return Floors(
        gold=floors.gold | now.gold,
        scores=floors.scores | scores,
        cases=floors.cases | now.cases,
        lowered=(*floors.lowered, why),
    )


def _down(value: float) -> float:
    return math.floor(value * STEPS) / STEPS


def load_floors(path: Path) -> Floors:
    """The floors of a file; none where it is missing. Raises EvaluationError where it is wrong."""
    if not path.is_file():
        return Floors()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Floors)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise EvaluationError(f"not floors ({error})", which=path, remedy="set them anew with --update") from error


def save_floors(path: Path, floors: Floors) -> None:
    """Writes floors as TOML."""
    path.write_text("\n".join(_toml(floors)) + "\n", encoding="utf-8")


def _toml(floors: Floors) -> Iterator[str]:
    yield "# Set by `./run gate --update`, lowered by `./run gate --lower WHY`; not by hand."
    yield f"lowered = {_list(floors.lowered)}"
    yield "\n[gold]"
    yield from (f'"{name}" = "{digest}"' for name, digest in sorted(floors.gold.items()))
    for language, scores in sorted(floors.scores.items()):
        yield f"\n[scores.{language}]"
        yield from (f'"{name}" = {value}' for name, value in scores.items())
    yield "\n[cases]"
    yield from (f"{language} = {n}" for language, n in sorted(floors.cases.items()))


def _list(texts: Sequence[str]) -> str:
    """A TOML array of strings: JSON's escapes are TOML's."""
    return "[" + ", ".join(msgspec.json.encode(text).decode() for text in texts) + "]"


def _line(check: Check) -> str:
    floor = "–" if check.floor is None else f"{check.floor:g}"
    measured = "–" if check.measured is None else f"{_down(check.measured):g}"
    return f"{'ok  ' if check.holds else 'LOW '} {check.name:<18} floor {floor:>6}  measured {measured:>6}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
