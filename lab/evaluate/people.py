"""What a record tells of the quoted beside their names: offices and genders, on the project's own annotated articles.

python -m lab.evaluate people [--errors N]

The gold has neither; `lab/corpora/own` has both. The resolver is given the annotated statements, so that faults of
finding them do not count, and those persons count whose statements were given to them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from lab.shared import CHECKOUT, LANGUAGES
from onrecord.language.loader import load_pack
from onrecord.language.pack import Pack
from onrecord.reading.speakers import resolve
from onrecord.reading.tokens import tokenise
from onrecord.types import Speaker

from .gold import Entity, GoldDocument, load_gold
from .names import name_words, same_speaker
from .speakers import draft_of
from .table import figure, grid

SAME = 0.5  # share of words, determiners apart, that two wordings of one office have in common at least
GENDERS = {"feminine": "f", "masculine": "m", None: None}

Verdict = Literal["right", "wrong", "missed", "invented", "none"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "missed", "invented")


class Judged(msgspec.Struct, frozen=True):
    """One quoted person: what the annotation and what the record say."""

    doc: str
    name: str
    office: tuple[str | None, str | None]  # wanted, said
    gender: tuple[str | None, str | None]

    def office_verdict(self) -> Verdict:
        """Whether the office is the annotated one."""
        wanted, said = self.office
        return _verdict(wanted, said, right=wanted is not None and said is not None and same_office(wanted, said))

    def gender_verdict(self) -> Verdict:
        """Whether the gender is the annotated one."""
        wanted, said = self.gender
        return _verdict(wanted, said, right=wanted == said)


def _verdict(wanted: str | None, said: str | None, *, right: bool) -> Verdict:
    if said is None:
        return "none" if wanted is None else "missed"
    if wanted is None:
        return "invented"
    return "right" if right else "wrong"


def same_office(wanted: str, said: str) -> bool:
    """Whether two wordings mean one office: "a former transport minister", "former transport minister"."""
    a, b = set(name_words(wanted)), set(name_words(said))
    return bool(a | b) and len(a & b) / len(a | b) >= SAME


def judge(document: GoldDocument, pack: Pack) -> Iterator[Judged]:
    """Every person of a document to whom a statement was rightly given."""
    found = resolve(tokenise(document.text, pack), [draft_of(s) for s in document.statements], pack)
    for name, entity in document.entities.items():
        given = [
            speaker
            for statement, (speaker, _) in zip(document.statements, found, strict=True)
            if statement.speaker == name
            and isinstance(speaker, Speaker)
            and same_speaker(speaker.name, name, document.entities)
        ]
        if entity.type == "person" and given:
            speaker = next((one for one in given if one.type == "person"), given[0])
            yield _judged(document, name, entity, speaker)


def _judged(document: GoldDocument, name: str, entity: Entity, speaker: Speaker) -> Judged:
    wanted = None if entity.office is None else document.text[slice(*entity.office)]
    said = None if speaker.office is None else document.text[speaker.office.start : speaker.office.end]
    return Judged(document.doc, name, (wanted, said), (entity.gender, GENDERS[speaker.gender]))


def report(judged: Sequence[Judged]) -> str:
    """A row for offices and one for genders."""
    rows = []
    for what, counts in (
        ("office", Counter(one.office_verdict() for one in judged)),
        ("gender", Counter(one.gender_verdict() for one in judged)),
    ):
        wanted = counts["right"] + counts["wrong"] + counts["missed"]
        said = counts["right"] + counts["wrong"]
        shares = (counts["right"] / wanted if wanted else None, counts["right"] / said if said else None)
        rows.append([what, str(wanted), *map(figure, shares), *(str(counts[verdict]) for verdict in VERDICTS)])
    return grid(["", "given", "right", "right of those said", *VERDICTS], rows)


def main(arguments: Sequence[str]) -> int:
    """Prints a table a language; with --errors the faults."""
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate people", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="also print N faults of each sort")
    options = parser.parse_args(arguments)
    for language in LANGUAGES:
        pack = load_pack(language)
        documents = load_gold(CHECKOUT / "lab" / "corpora" / "own" / f"{language}.jsonl")
        judged = [one for document in documents for one in judge(document, pack)]
        print(language, report(judged), sep="\n", end="\n\n")
        for verdict in VERDICTS:
            for one in [one for one in judged if one.office_verdict() == verdict != "right"][: options.errors]:
                print(f"office {verdict}: {one.doc}: {one.name}: {one.office[0]!r}, not {one.office[1]!r}")
            for one in [one for one in judged if one.gender_verdict() == verdict != "right"][: options.errors]:
                print(f"gender {verdict}: {one.doc}: {one.name}: {one.gender[0]!r}, not {one.gender[1]!r}")
    return 0
