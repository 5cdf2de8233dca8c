"""The resolver of speakers alone: it is given the gold's own statements and says who speaks.

python -m lab.evaluate speakers [--gold FILE …] [--errors N]

So that faults of finding statements do not count. First how well statements are put together by speaker; then by the
kind of mention that the source is, beside what copying the source's words would get, and copying the last source that
is a name or a description where it is a pronoun or empty.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from lab.shared import ABSENT, gold_file
from onrecord.language.loader import load_pack
from onrecord.language.pack import Pack
from onrecord.reading.speakers import resolve
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Span, Speaker, Unknown

from .gold import GoldDocument, GoldStatement, Spans, language_of, load_gold
from .names import fully_named, name_words, same_speaker
from .table import figure, grid

FILES = ("fr.train.jsonl", "fr.dev.jsonl", "en.train.jsonl", "en.dev.jsonl")
KINDS = ("full name", "part of a name", "description", "pronoun", "implied", "floating")


class Judged(msgspec.Struct, frozen=True):
    """One gold statement and who was said to speak."""

    doc: str
    source: str
    kind: str  # one of KINDS
    wanted: str | None
    said: str | None
    right: bool
    named: bool  # right, and a person by the fullest name
    copied: tuple[bool, bool]  # the same two of the words of the source
    carried: tuple[bool, bool]  # and of the last source that names or describes
    chain: Span | None = None  # where the fullest name of who was said to speak stands


def judge(document: GoldDocument, pack: Pack) -> Iterator[Judged]:
    """Every statement of kind speech of a document."""
    tokens = tokenise(document.text, pack)
    drafts = [draft_of(statement) for statement in document.statements]
    last: str | None = None
    said = resolve(tokens, drafts, pack)
    order = sorted(range(len(drafts)), key=lambda n: document.statements[n].content[0])
    for n in order:
        statement = document.statements[n]
        source = _text(document, statement.source)
        kind = kind_of(document, statement, pack)
        last = source if kind in KINDS[:3] else last
        if statement.kind != "speech":
            continue
        speaker = said[n][0]
        name = speaker.name if isinstance(speaker, Speaker) else None
        yield Judged(
            doc=document.doc,
            source=source,
            kind=kind,
            wanted=statement.speaker,
            said=name if name is not None else _refusal(speaker),
            right=_judged(name, statement, document)[0],
            named=_judged(name, statement, document)[1],
            copied=_judged(source or None, statement, document),
            carried=_judged(last, statement, document),
            chain=speaker.named_at if isinstance(speaker, Speaker) else None,
        )


def _refusal(speaker: Speaker | Unknown) -> str | None:
    return f"({speaker.reason})" if isinstance(speaker, Unknown) else None


def _judged(name: str | None, statement: GoldStatement, document: GoldDocument) -> tuple[bool, bool]:
    right = same_speaker(name, statement.speaker, document.entities)
    return right, right and (name is None or fully_named(name, statement.speaker, document.entities))


def kind_of(document: GoldDocument, statement: GoldStatement, pack: Pack) -> str:
    """What sort of mention a gold source is, by its words and the names of its speaker."""
    if not statement.source:
        return "implied" if statement.cue else "floating"
    words = _text(document, statement.source)
    if words.casefold().replace("’", "'").strip("-") in {form.strip("-") for form in pack.pronouns}:
        return "pronoun"
    own = set(name_words(words))
    key = name_words(statement.speaker or "")
    capitals = any(word[:1].isupper() and word.casefold() in own for word in (statement.speaker or "").split())
    if key and set(key) <= own and capitals:
        return "full name"
    return "part of a name" if key and own & set(key) and capitals else "description"


def draft_of(statement: GoldStatement) -> Draft:
    return Draft(
        content=_spans(statement.content),
        cue=_spans(statement.cue),
        source=_spans(statement.source),
        type=statement.type,  # type: ignore[arg-type]
        kind=statement.kind,  # type: ignore[arg-type]
        parent=statement.parent,
    )


def _spans(spans: Spans) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in spans)


def _text(document: GoldDocument, spans: Spans) -> str:
    return " ".join(document.text[start:end] for start, end in spans)


def report(judged: Sequence[Judged]) -> str:
    """A row a kind of mention, all of them first."""
    rows = []
    for kind in ("all", *KINDS):
        of_kind = [one for one in judged if kind in ("all", one.kind)]
        shares = [
            _share([one.right for one in of_kind]),
            _share([one.named for one in of_kind]),
            *(_share([one.copied[i] for one in of_kind]) for i in (0, 1)),
            *(_share([one.carried[i] for one in of_kind]) for i in (0, 1)),
        ]
        rows.append([kind, str(len(of_kind)), *map(figure, shares)])
    rows.append(["unknown, rightly", str(len(_refused(judged))), figure(_share([o.right for o in _refused(judged)]))])
    rows[-1] += [""] * 5
    precision, recall, f1 = map(figure, pairwise(judged))
    chains = f"chains, over pairs of statements: precision {precision}, recall {recall}, F1 {f1}"
    return chains + "\n" + grid(["source", "n", "right", "named", "copied", "named", "last one", "named"], rows)


def pairwise(judged: Sequence[Judged]) -> tuple[float | None, float | None, float | None]:
    """Precision, recall and F1 over pairs of statements of one document: does one speaker say both?

    So a chain that is whole but goes by another name counts in full. Statements without speaker are in no pair.
    """
    wanted = _pairs([(one.doc, one.wanted) for one in judged])
    said = _pairs([(one.doc, one.chain) for one in judged])
    both = len(wanted & said)
    precision = both / len(said) if said else None
    recall = both / len(wanted) if wanted else None
    total = len(wanted) + len(said)
    return precision, recall, 2 * both / total if total else None


def _pairs(speakers: Sequence[tuple[str, object]]) -> set[tuple[int, int]]:
    """Pairs of positions with one speaker in one document."""
    by_speaker: dict[tuple[str, object], list[int]] = {}
    for n, (doc, name) in enumerate(speakers):
        if name is not None:
            by_speaker.setdefault((doc, name), []).append(n)
    return {(a, b) for numbers in by_speaker.values() for a in numbers for b in numbers if a < b}


def _refused(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.said is None or one.said.startswith("(")]


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def main(arguments: Sequence[str]) -> int:
    """Prints a table a file; with --errors the worst, which stay on the terminal."""
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate speakers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--gold", nargs="*", type=Path, help="gold files; by default train and dev of both languages")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="also print N faults of each kind")
    options = parser.parse_args(arguments)
    paths = options.gold or [path for name in FILES if (path := gold_file(name)) is not None]
    if not paths:
        print(ABSENT)
    for path in paths:
        pack = load_pack(language_of(path))
        judged = [one for document in load_gold(path) for one in judge(document, pack)]
        print(path.name, report(judged), sep="\n", end="\n\n")
        for kind in KINDS:
            faults = [one for one in judged if one.kind == kind and not one.named]
            for one, times in list(Counter(faults).items())[: options.errors]:
                print(f"{kind}: {one.doc}: {one.source!r} is {one.wanted!r}, not {one.said!r}", f"× {times}")
    return 0
