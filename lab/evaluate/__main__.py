"""Scores a reader on gold files and prints the tables.

python -m lab.evaluate                       both dev files, with the reader of the settings
python -m lab.evaluate folds                 what cross-validation found (`./run train --folds`)
python -m lab.evaluate packs                 coverage and precision of the packs' cue lists on train
python -m lab.evaluate speakers              the resolver alone, on the gold's own statements, by kind of mention
python -m lab.evaluate people                offices and genders, on the project's own annotated articles
python -m lab.evaluate cases | gate | diff   see each with --help
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from lab.shared import ABSENT, CHECKOUT, FOLDS, gold_file
from onrecord.errors import OnRecordError

from . import table
from .bootstrap import RESAMPLES
from .calibration import calibration
from .count import Compared, count
from .gold import GoldDocument, Prediction, language_of, load_gold, load_predictions
from .score import Scores, as_json, by_collection, compare_all, summarise
from .spans import exact_spans

DEFAULT = ("fr.dev.jsonl", "en.dev.jsonl")
KINDS = {"speech": ("speech",), "all": ("speech", "attitude", "attribution")}


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """One gold file, read and compared."""

    path: Path
    language: str
    compared: list[Compared]
    scores: Scores
    seconds: float  # of reading; 0 for predictions from a file


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when scored or when there is no gold, 1 when something is unfit, 2 on wrong usage."""
    from . import cases, diff, gate, people, speakers

    verbs = {
        "packs": packs_main,
        "folds": folds_main,
        "speakers": speakers.main,
        "people": people.main,
        "cases": cases.main,
        "gate": gate.main,
        "diff": diff.main,
    }
    if arguments and arguments[0] in verbs:
        return verbs[arguments[0]](arguments[1:])
    options = _parser().parse_args(arguments)
    paths = options.gold or [path for name in DEFAULT if (path := gold_file(name)) is not None]
    if not paths:
        print(f"nothing is scored: {ABSENT}")
        return 0
    try:
        scored = [_scored(path, options) for path in paths]
    except OnRecordError as error:
        print(error, file=sys.stderr)
        return 1
    _print(scored, options)
    return 0


def packs_main(arguments: Sequence[str]) -> int:
    """Prints the worth of the packs' cue lists on the train files."""
    from onrecord.language.loader import load_pack

    from .packs import report, worth_of

    parser = argparse.ArgumentParser(prog="python -m lab.evaluate packs", description=packs_main.__doc__)
    parser.add_argument("languages", nargs="*", default=["fr", "en"])
    for language in parser.parse_args(arguments).languages:
        path = gold_file(f"{language}.train.jsonl")
        if path is None:
            print(f"{language}: nothing is measured: {ABSENT}")
            continue
        print(report(language, worth_of(load_pack(language), load_gold(path))), end="\n\n")
    return 0


def folds_main(arguments: Sequence[str]) -> int:
    """Scores what cross-validation found in train and dev: see `./run train --folds`."""
    parser = argparse.ArgumentParser(prog="python -m lab.evaluate folds", description=folds_main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=CHECKOUT / "scratch" / "train" / "folds")
    folder = parser.parse_args(arguments).folder
    columns = []
    for language in ("fr", "en"):
        paths = [path for part in ("train", "dev") if (path := gold_file(f"{language}.{part}.jsonl")) is not None]
        found = folder / f"{language}.jsonl"
        if not paths or not found.exists():
            print(f"{language}: nothing is scored: {'run `./run train --folds` first' if paths else ABSENT}")
            continue
        gold = [document for path in paths for document in load_gold(path)]
        compared = compare_all(gold, load_predictions(found))
        columns.append(
            table.Column(f"{language}, {FOLDS} folds", summarise([count(c) for c in compared], resamples=RESAMPLES))
        )
    for part in table.report(columns) if columns else ():
        print(part, end="\n\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, nargs="+", metavar="FILE", help="gold files; by default fr.dev and en.dev")
    parser.add_argument("--predictions", type=Path, metavar="FILE", help="score these instead of reading")
    parser.add_argument("--reader", metavar="NAME", help="as in `onrecord read --reader`")
    parser.add_argument("--kind", choices=sorted(KINDS), default="speech", help="kinds of statements asked for")
    parser.add_argument("--scheme", choices=("onrecord", "polnear"), default="onrecord", help="polnear: exact spans")
    parser.add_argument("--json", action="store_true", help="everything, for another program")
    parser.add_argument("--errors", type=int, metavar="N", help="print the N worst faults of each sort with words")
    parser.add_argument("--causes", type=Path, metavar="FILE", help="write faults by cause: ids and offsets, no words")
    return parser


def _scored(path: Path, options: argparse.Namespace) -> Scored:
    gold, language = load_gold(path), language_of(path)
    started = time.perf_counter()
    if options.predictions:
        predictions = _of_file(options.predictions, gold, paths=options.gold or DEFAULT)
    else:
        predictions = _read(gold, language, options)
    seconds = 0.0 if options.predictions else time.perf_counter() - started
    compared = compare_all(gold, predictions, KINDS["all" if options.scheme == "polnear" else options.kind])
    scores = summarise([count(one) for one in compared], resamples=RESAMPLES)
    return Scored(path=path, language=language, compared=compared, scores=scores, seconds=seconds)


def _of_file(path: Path, gold: Sequence[GoldDocument], *, paths: Sequence[object]) -> list[Prediction]:
    """The predictions of a file; where several gold files are scored, those on this one's documents."""
    predictions = load_predictions(path)
    docs = {document.doc for document in gold}
    return predictions if len(paths) == 1 else [prediction for prediction in predictions if prediction.doc in docs]


def _read(gold: Sequence[GoldDocument], language: str, options: argparse.Namespace) -> list[Prediction]:
    from onrecord.desk import Desk
    from onrecord.settings import Settings

    from .reading import read_gold

    # the confidence is fitted on our scheme alone
    least = Settings().min_confidence if options.scheme == "onrecord" else 0.0
    settings = Settings(reader=options.reader or Settings().reader, scheme=options.scheme, min_confidence=least)
    return read_gold(gold, Desk(settings), language)


def _print(scored: Sequence[Scored], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps([_as_json(one) for one in scored], ensure_ascii=False, indent=1))
    elif options.scheme == "polnear":
        for one in scored:
            print(f"{one.path.name}\n{table.exact_table(exact_spans(one.compared))}\n")
    else:
        _print_tables(scored)
    if options.errors is not None or options.causes:
        _print_faults(scored, options)


def _as_json(one: Scored) -> dict[str, Any]:
    return {
        "file": one.path.name,
        "language": one.language,
        "seconds": one.seconds,
        **as_json(one.scores),
        "by collection": {name: as_json(scores) for name, scores in by_collection(one.compared).items()},
        "exact spans": {
            role: {"p": exact.precision, "r": exact.recall, "f1": exact.value}
            for role, exact in exact_spans(one.compared).items()
        },
        "calibration": msgspec.to_builtins(calibration(one.compared)),
    }


def _print_tables(scored: Sequence[Scored]) -> None:
    columns = [table.Column(one.path.name.removesuffix(".jsonl"), one.scores) for one in scored]
    for part in table.report(columns):
        print(part, end="\n\n")
    for one in scored:
        print(table.collection_table(by_collection(one.compared)), end="\n\n")
        measured = calibration(one.compared)
        if measured.n:
            print(f"{one.path.name}\n{table.calibration_table(measured)}", end="\n\n")
        if one.seconds:
            print(f"{one.path.name}: {len(one.compared)} articles read in {one.seconds:.2f} s", end="\n\n")


def _print_faults(scored: Sequence[Scored], options: argparse.Namespace) -> None:
    from onrecord.language.loader import load_pack

    from .faults import faults_of, with_words, without_words, worst

    kept: list[str] = []
    for one in scored:
        faults = [fault for c in one.compared for fault in faults_of(c, load_pack(one.language))]
        texts = {c.gold.doc: c.gold.text for c in one.compared}
        kept += [f"# {one.path.name}\n", *without_words(faults)]
        for sort, some in worst(faults, options.errors or 0).items():
            lines = "\n".join(with_words(some, texts))
            print(f"## {one.path.name}, {sort}\n\n{lines}\n" if some else "", end="")
    if options.causes:
        options.causes.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
