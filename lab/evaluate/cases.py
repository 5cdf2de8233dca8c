"""Golden cases: short articles in prose, with what must be on record of each.

A case is a Markdown file under cases/<language>/:

    # A minister denies, and her words are quoted

    tier: STRONG
    covers: direct, inversion

    ## Article

    The words of the article, as many paragraphs as it needs.

    ## On record

    - Claire Vautrin — deny, direct — « Ce n'est pas vrai »
    - unknown (not stated) — accuse, indirect — d'avoir menti

A line says who, what saying it does (with the type, and "negated", "nested" or "attitude" where they hold), and the
words as they stand in the article; " … " parts the pieces of an interrupted statement; "- nobody" stands alone where
nobody is quoted. Behind who it is may stand ", quoted by NAME" and ", not named: WORDS OF THE ARTICLE". STRONG must
pass, MEDIUM and WEAK are counted, and one of these that passes is reported, so that its tier is raised.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from lab.shared import CHECKOUT
from onrecord.errors import OnRecordError
from onrecord.types import (
    Act,
    Article,
    Kind,
    Record,
    Span,
    Speaker,
    Statement,
    StatementType,
    UnknownReason,
    covered,
    words_of,
)

from .count import FOUND_AT
from .names import name_words
from .words import match, words_under

if TYPE_CHECKING:
    from onrecord.desk import Desk

Tier = Literal["STRONG", "MEDIUM", "WEAK"]
TIERS: tuple[Tier, ...] = get_args(Tier)
CASES = CHECKOUT / "cases"
PARTED = " — "
PIECES = " … "
WHO = re.compile(
    r"""
    (?P<who> .+?)
    (?: ,\ quoted\ by\ (?P<by> .+?) )?     # through whom the words came
    (?: ,\ not\ named:\ (?P<why> .+ ) )?   # the terms of anonymity, in the words of the article
    """,
    re.VERBOSE,
)  # "a nurse, quoted by AFP, not named: who asked not to be named"
UNKNOWN = re.compile(r"unknown \((?P<reason>[a-z ]+)\)")  # "unknown (not stated)"


class CaseError(OnRecordError):
    """A case does not have the form that cases have."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A line of what must be on record."""

    speaker: str | None  # None where it must be unknown
    unknown: UnknownReason | None
    quoted_by: str | None
    anonymity: str | None  # the words of the article
    act: Act
    type: StatementType
    kind: Kind
    negated: bool
    nested: bool
    content: tuple[Span, ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case as written."""

    path: Path
    language: str
    title: str
    tier: Tier
    covers: tuple[str, ...]
    text: str
    expected: tuple[Expected, ...]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was read: what differs from the expected, in words; nothing when it passed."""

    case: Case
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the record is the expected one."""
        return not self.differences


def load_cases(folder: Path = CASES) -> list[Case]:
    """Every case of a folder with one folder a language. Raises CaseError with file and line."""
    return [parse_case(path) for path in sorted(folder.glob("*/*.md")) if path.name != "README.md"]


def parse_case(path: Path) -> Case:
    """A case from its file. Raises CaseError with file and line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    article, record = _section(path, lines, "## Article"), _section(path, lines, "## On record")
    if article > record:
        raise CaseError("sections in the wrong order", which=path, line=record + 1, remedy="the article comes first")
    if not lines[0].startswith("# "):
        raise CaseError("no title", which=path, line=1, remedy='begin with "# " and what the case is about')
    head = dict(_head(path, lines[1:article], first=2))
    for key in ("tier", "covers"):
        if key not in head:
            raise CaseError(f"{key} is missing", which=path, line=2, remedy=f'write "{key}: …" under the title')
    text = "\n".join(lines[article + 1 : record]).strip("\n")
    return Case(
        path=path,
        language=path.parent.name,
        title=lines[0][2:],
        tier=_tier(path, head["tier"]),
        covers=tuple(head["covers"].split(", ")),
        text=text,
        expected=tuple(_expected(path, lines, text, first=record + 1)),
    )


def _section(path: Path, lines: Sequence[str], heading: str) -> int:
    if lines.count(heading) != 1:
        remedy = f'have one line "{heading}"'
        raise CaseError(f"{lines.count(heading)} sections {heading[3:]!r}", which=path, line=len(lines), remedy=remedy)
    return lines.index(heading)


def _head(path: Path, lines: Sequence[str], *, first: int) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, first):
        key, colon, value = line.partition(": ")
        if line and not (colon and key in ("tier", "covers") and value.strip()):
            raise CaseError(
                f"not understood: {line!r}", which=path, line=number, remedy='write "tier: …" or "covers: …"'
            )
        if line:
            yield key, value.strip()


def _tier(path: Path, name: str) -> Tier:
    if name not in TIERS:
        raise CaseError(f"no tier {name!r}", which=path, remedy=f"use one of {', '.join(TIERS)}")
    return name


def _expected(path: Path, lines: Sequence[str], text: str, *, first: int) -> Iterator[Expected]:
    written = [(n, line) for n, line in enumerate(lines[first:], first + 1) if line.strip()]
    if not written:
        raise CaseError("nothing is expected", which=path, line=first, remedy='write "- nobody" where nobody is quoted')
    if [line for _, line in written] == ["- nobody"]:
        return
    for number, line in written:
        parts = line.removeprefix("- ").split(PARTED, 2)
        if not line.startswith("- ") or len(parts) != 3:
            remedy = 'write "- speaker — act, type — words"'
            raise CaseError(f"not understood: {line!r}", which=path, line=number, remedy=remedy)
        yield _line(path, number, parts, text)


def _line(path: Path, number: int, parts: Sequence[str], text: str) -> Expected:
    told, how, words = parts
    source = WHO.fullmatch(told)
    who, why = (source["who"], source["why"]) if source else (told, None)
    if why is not None and why not in text:
        raise CaseError(f"not in the article: {why!r}", which=path, line=number, remedy="copy it from there")
    act, *rest = how.split(", ")
    flags = set(rest) & {"negated", "nested", "attitude"}
    types = set(rest) - flags
    if act not in get_args(Act) or len(types) != 1 or not types <= set(get_args(StatementType)):
        raise CaseError(f"not an act and a type: {how!r}", which=path, line=number, remedy='write "assert, direct"')
    unknown = UNKNOWN.fullmatch(who)
    reason = unknown["reason"].replace(" ", "_") if unknown else None
    if reason is not None and reason not in get_args(UnknownReason):
        raise CaseError(f"no such reason: {who!r}", which=path, line=number, remedy="see UnknownReason in types.py")
    return Expected(
        speaker=None if unknown else who,
        unknown=cast("UnknownReason | None", reason),
        quoted_by=source["by"] if source else None,
        anonymity=why,
        act=cast("Act", act),
        type=cast("StatementType", types.pop()),
        kind="attitude" if "attitude" in flags else "speech",
        negated="negated" in flags,
        nested="nested" in flags,
        content=_content(path, number, words, text),
    )


def _content(path: Path, number: int, words: str, text: str) -> tuple[Span, ...]:
    """The spans of the pieces, each after the one before; the first piece must stand once in the article."""
    spans: list[Span] = []
    for piece in words.split(PIECES):
        at = text.find(piece, spans[-1].end if spans else 0)
        if at < 0:
            raise CaseError(f"not in the article: {piece!r}", which=path, line=number, remedy="copy it from there")
        if not spans and text.count(piece) > 1:
            raise CaseError(f"more than once in the article: {piece!r}", which=path, line=number, remedy="reword one")
        spans.append(Span(at, at + len(piece)))
    return tuple(spans)


def run_case(case: Case, desk: Desk) -> Outcome:
    """Reads a case and says what differs."""
    record = desk.read_text(case.text, language=case.language, id=case.path.stem)
    return Outcome(case=case, differences=tuple(_differences(case, record)))


def _differences(case: Case, record: Record) -> Iterator[str]:
    expected = [(_words(case.text, e.content), frozenset[int]()) for e in case.expected]
    found = [(_words(case.text, s.content), _words(case.text, s.cue)) for s in record.statements]
    pairs = match(expected, found, FOUND_AT)
    for i, wanted in enumerate(case.expected):
        if i in pairs:
            words = words_of(record.article, wanted.content)
            yield from _differs(wanted, record.statements[pairs[i]], words)
            yield from _differs_around(wanted, record.statements[pairs[i]], record.article)
        else:
            yield f"not found: {words_of(record.article, wanted.content)}"
    for j, statement in enumerate(record.statements):
        if j not in pairs.values() and statement.kind == "speech":
            yield f"not expected: {words_of(record.article, statement.content)} ({_who(statement)})"


def _differs(wanted: Expected, found: Statement, words: str) -> Iterator[str]:
    if not _speaker_is(wanted, found):
        who = wanted.speaker or f"unknown ({wanted.unknown})"
        yield f"speaker is {_who(found)}, not {who}: {words}"
    facts: tuple[tuple[str, object, object], ...] = (
        ("act", wanted.act, found.act),
        ("type", wanted.type, found.type),
        ("kind", wanted.kind, found.kind),
        ("negated", wanted.negated, found.negated),
        ("nested", wanted.nested, found.parent is not None),
    )
    for name, should, does in facts:
        if should != does:
            yield f"{name} is {does}, not {should}: {words}"


def _differs_around(wanted: Expected, found: Statement, article: Article) -> Iterator[str]:
    """What differs in who passed the words on, and in why their speaker is not named."""
    by = found.quoted_by.name if found.quoted_by is not None else None
    if (by is None) != (wanted.quoted_by is None) or name_words(by or "") != name_words(wanted.quoted_by or ""):
        yield f"quoted by {by}, not {wanted.quoted_by}: {words_of(article, wanted.content)}"
    anonymity = found.speaker.anonymity if isinstance(found.speaker, Speaker) else None
    why = None if anonymity is None else covered(article, anonymity)
    if why != wanted.anonymity:
        yield f"not named: {why}, not {wanted.anonymity}: {words_of(article, wanted.content)}"


def _speaker_is(wanted: Expected, found: Statement) -> bool:
    """By the very name, but for case, accents and determiners; an unknown by its reason."""
    if isinstance(found.speaker, Speaker):
        return wanted.speaker is not None and name_words(found.speaker.name) == name_words(wanted.speaker)
    return wanted.unknown == found.speaker.reason


def _who(statement: Statement) -> str:
    speaker = statement.speaker
    return speaker.name if isinstance(speaker, Speaker) else f"unknown ({speaker.reason})"


def _words(text: str, spans: Sequence[Span]) -> frozenset[int]:
    return words_under(text, ((span.start, span.end) for span in spans))


def passed_by_language(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many cases pass, by language."""
    passed = Counter(outcome.case.language for outcome in outcomes if outcome.passed)
    return {language: passed[language] for language in sorted({o.case.language for o in outcomes})}


def main(arguments: Sequence[str]) -> int:
    """Reads the cases. Exit code: 0 when every STRONG one passes, 1 when one does not or a case is malformed."""
    from onrecord.desk import Desk
    from onrecord.settings import Settings

    parser = argparse.ArgumentParser(prog="python -m lab.evaluate cases", description=main.__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="cases; by default all under cases/")
    parser.add_argument("--all", action="store_true", help="say what differs in MEDIUM and WEAK cases too")
    parser.add_argument("--reader", metavar="NAME", help="as in `onrecord read --reader`")
    options = parser.parse_intermixed_args(arguments)
    try:
        cases = [parse_case(path.resolve()) for path in options.files] or load_cases()
        desk = Desk(Settings(reader=options.reader) if options.reader else Settings())
        outcomes = [run_case(case, desk) for case in cases]
    except OnRecordError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(report(outcomes, everything=options.all)))
    return int(any(not o.passed and o.case.tier == "STRONG" for o in outcomes))


def report(outcomes: Sequence[Outcome], *, everything: bool) -> Iterator[str]:
    """What failed and what passed against its tier, then the count of each tier."""
    for outcome in outcomes:
        case = outcome.case
        if not outcome.passed and (everything or case.tier == "STRONG"):
            yield f"{case.tier} {case.language}/{case.path.stem}: {case.title}"
            yield from (f"    {difference}" for difference in outcome.differences)
        if outcome.passed and case.tier != "STRONG":
            yield f"{case.tier} {case.language}/{case.path.stem} passes: raise its tier"
    for tier in TIERS:
        of_tier = [outcome for outcome in outcomes if outcome.case.tier == tier]
        yield f"{tier}: {sum(o.passed for o in of_tier)} of {len(of_tier)} pass"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
