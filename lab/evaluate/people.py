"""What a record tells of the quoted beside their names: offices and genders, on the project's own annotated articles.

python -m lab.evaluate people [--errors N]

The gold has neither; `lab/corpora/own` has both. The resolver is given the annotated statements, so that faults of
finding them do not count, and those persons count whose statements were given to them.

Identities are scored on pairs of quoted persons of two articles, annotated as one person or two
(`lab/corpora/own/identities.jsonl`; the articles are those of the gold's train files and our own).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from lab.shared import ABSENT, CHECKOUT, LANGUAGES, gold_file
from onrecord.desk import told_of
from onrecord.language.loader import load_pack
from onrecord.language.pack import Pack
from onrecord.people.identity import Appearance, join
from onrecord.reading.speakers import resolve
from onrecord.reading.tokens import tokenise
from onrecord.types import Article, Speaker

from .gold import Entity, GoldDocument, load_gold
from .names import fully_named, name_words, same_speaker
from .speakers import draft_of
from .table import figure, grid

OWN = CHECKOUT / "lab" / "corpora" / "own"
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
    for name, speaker in given(document, pack):
        yield _judged(document, name, document.entities[name], speaker)


def given(document: GoldDocument, pack: Pack) -> Iterator[tuple[str, Speaker]]:
    """Every person of a document to whom a statement was rightly given, by the annotated name."""
    found = resolve(tokenise(document.text, pack), [draft_of(s) for s in document.statements], pack)
    for name, entity in document.entities.items():
        right = [
            speaker
            for statement, (speaker, _) in zip(document.statements, found, strict=True)
            if statement.speaker == name
            and isinstance(speaker, Speaker)
            and same_speaker(speaker.name, name, document.entities)
        ]
        if entity.type == "person" and right:
            full = [one for one in right if fully_named(one.name, name, document.entities)]
            yield name, next((one for one in (*full, *right) if one.type == "person"), right[0])


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


class Pair(msgspec.Struct, frozen=True):
    """Two quoted persons of two articles; who they are is `{"doc", "name"}`."""

    a: dict[str, str]
    b: dict[str, str]
    same: bool


def appearances(language: str, wanted: set[str]) -> Iterator[tuple[tuple[str, str], Appearance]]:
    """Of each quoted person of some documents, by document and annotated name, what the resolver makes of it."""
    pack = load_pack(language)
    train = gold_file(f"{language}.train.jsonl")
    for document in (*(load_gold(train) if train else ()), *load_gold(OWN / f"{language}.jsonl")):
        if document.doc not in wanted:
            continue
        article = Article(id=document.doc, text=document.text, language=language, sha256="")
        for name, speaker in given(document, pack):
            told = told_of(article, speaker, pack)
            yield (
                (document.doc, name),
                Appearance(
                    article=document.doc, name=told.name, language=language, office=told.office, gender=told.gender
                ),
            )


def identities() -> str:
    """How often two annotated appearances are rightly put together or left apart, in words."""
    if gold_file("fr.train.jsonl") is None:
        return f"identities are not scored: {ABSENT}"
    lines = (OWN / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [msgspec.json.decode(line, type=Pair) for line in lines]
    docs = {side["doc"] for pair in pairs for side in (pair.a, pair.b)}
    found = [one for language in LANGUAGES for one in appearances(language, docs)]
    number = {key: n for n, (key, _) in enumerate(found)}
    joined = join([appearance for _, appearance in found])
    person = {n: p for p, one in enumerate(joined) for n in one.members}
    rows = []
    for what, same in (("one person", True), ("two", False)):
        said = [_together(pair, number, person) for pair in pairs if pair.same == same]
        rows.append([what, str(len(said)), figure(said.count(same) / len(said)), str(said.count(None))])
    right = [_together(pair, number, person) == pair.same for pair in pairs]
    rows.append(["all", str(len(right)), figure(sum(right) / len(right)), ""])
    return grid(["identity pairs", "n", "right", "of these not resolved"], rows)


def _together(pair: Pair, number: dict[tuple[str, str], int], person: dict[int, int]) -> bool | None:
    """Whether a pair was put together; None where one of the two was not found in its article."""
    places = [number.get((side["doc"], side["name"])) for side in (pair.a, pair.b)]
    if None in places:
        return None
    return person[places[0] or 0] == person[places[1] or 0]


def main(arguments: Sequence[str]) -> int:
    """Prints a table a language; with --errors the faults."""
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate people", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="also print N faults of each sort")
    options = parser.parse_args(arguments)
    for language in LANGUAGES:
        pack = load_pack(language)
        documents = load_gold(OWN / f"{language}.jsonl")
        judged = [one for document in documents for one in judge(document, pack)]
        print(language, report(judged), sep="\n", end="\n\n")
        for verdict in VERDICTS:
            for one in [one for one in judged if one.office_verdict() == verdict != "right"][: options.errors]:
                print(f"office {verdict}: {one.doc}: {one.name}: {one.office[0]!r}, not {one.office[1]!r}")
            for one in [one for one in judged if one.gender_verdict() == verdict != "right"][: options.errors]:
                print(f"gender {verdict}: {one.doc}: {one.name}: {one.gender[0]!r}, not {one.gender[1]!r}")
    print(identities())
    return 0
