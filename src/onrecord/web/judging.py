"""What a form of the review says of a statement, read as a judgement.

Content, cue and source are given by their words, as they stand in the article; of several places, the one nearest to
where the statement stands is meant. " … " stands between the parts of an interrupted content, "|" where one statement
ends and another begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from ..errors import QueryError
from ..export.harmless import harmless
from ..store.replay import Change, Verdict
from ..types import Act, Article, Kind, Record, Span, Speaker, Statement, StatementType, words_of

GAP, CUT = "…", "|"
CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(StatementType), "act": get_args(Act), "kind": get_args(Kind),
}  # fmt: skip
MOST_CHARS = 20_000


def fields_of(article: Article, statement: Statement) -> dict[str, str]:
    """What the form shows of a statement."""
    speaker = statement.speaker.name if isinstance(statement.speaker, Speaker) else ""
    roles = {name: _told(article, getattr(statement, name)) for name in ("content", "cue", "source")}
    chosen = {name: str(getattr(statement, name)) for name in CHOICES}
    return roles | chosen | {"speaker": speaker, "negated": "1" if statement.negated else ""}


EMPTY = {
    "content": "", "cue": "", "source": "", "speaker": "", "type": "indirect", "act": "assert", "kind": "speech",
    "negated": "",
}  # fmt: skip


def _told(article: Article, spans: tuple[Span, ...]) -> str:
    return " ".join(words_of(article, spans).split())


def judged(record: Record, statement: Statement | None, given: Mapping[str, str]) -> tuple[Verdict, tuple[Change, ...]]:
    """The verdict and what it makes: "confirmed" where the form is as it was shown. Raises QueryError.

    Without a statement, one is added.
    """
    shown = EMPTY if statement is None else fields_of(record.article, statement)
    told = {name: harmless(value) for name, value in shown.items()}
    changed = {name: " ".join(given[name].split()) for name in told if name in given}
    changed = {name: value for name, value in changed.items() if value != told[name]}
    near = _number(given.get("near", ""), statement.content[0].start if statement else 0)
    fields = _fields(record.article, changed, near)
    parts = changed.get("content", "").split(CUT) if CUT not in record.article.text else []
    if len(parts) > 2 or (statement is None and len(parts) == 2):
        raise QueryError("that is more than one cut", remedy=f"cut a statement in two, with one {CUT}")
    if statement is not None and len(parts) == 2:
        first = places(record.article.text, parts[0], near)
        second = places(record.article.text, parts[1], first[-1].end)
        fields.pop("content", None)
        return "split", (Change(content=first, **fields), Change(content=second, **fields))
    if statement is None:
        if not fields.get("content"):
            raise QueryError("no words are given", remedy="give the words of the statement as the article has them")
        return "added", (Change(**{"cue": (), "source": (), "type": told["type"], **fields}),)
    if not fields:
        return "confirmed", ()
    return ("speaker" if set(fields) == {"speaker"} else "corrected"), (Change(**fields),)


def _fields(article: Article, changed: Mapping[str, str], near: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in changed.items():
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise QueryError(f"no {name} {value!r}", remedy=f"one of {', '.join(CHOICES[name])}")
            fields[name] = value
        elif name == "speaker":
            fields[name] = value[:200]
        elif name == "negated":
            fields[name] = bool(value)
        elif CUT not in value or CUT in article.text:
            fields[name] = places(article.text, value, near)
    content = fields.get("content")
    if content == ():
        raise QueryError("a statement without words", remedy='take "no statement" where it is none')
    return fields


def places(text: str, words: str, near: int) -> tuple[Span, ...]:
    """Where words stand, one span a part; of several places the nearest. Raises QueryError where they do not stand."""
    if len(words) > MOST_CHARS:
        raise QueryError("too many words", remedy="give those of one statement")
    text, found = harmless(text), list[Span]()  # as it was shown, of the same length
    for part in [words] if _pattern(words).search(text) else words.split(GAP):
        if not part.split():
            continue
        spans = [Span(*match.span()) for match in _pattern(part).finditer(text)]
        later = [span for span in spans if not found or span.start >= found[-1].end]
        if not later:
            raise QueryError(f"the article does not say: {part.strip()[:80]}", remedy="give its very words")
        at = found[-1].end if found else near
        found.append(min(later, key=lambda span: abs(span.start - at)))
    return tuple(found)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()))


def moved(text: str, spans: tuple[Span, ...], move: str) -> tuple[Span, ...]:
    """The spans with the first start or the last end a word on or back: "start+", "start-", "end+", "end-"."""
    first, last = spans[0], spans[-1]
    words = [Span(*match.span()) for match in re.finditer(r"\S+", text)]
    if move == "start+":
        starts = [w.start for w in words if first.start < w.start < first.end]
        spans = (Span(starts[0], first.end), *spans[1:]) if starts else spans
    elif move == "start-":
        starts = [w.start for w in words if w.start < first.start]
        spans = (Span(starts[-1], first.end), *spans[1:]) if starts else spans
    elif move == "end+":
        ends = [w.end for w in words if w.end > last.end]
        spans = (*spans[:-1], Span(last.start, ends[0])) if ends else spans
    elif move == "end-":
        ends = [w.end for w in words if last.start < w.end < last.end]
        spans = (*spans[:-1], Span(last.start, ends[-1])) if ends else spans
    return spans


def neighbours(record: Record, statement: Statement) -> tuple[Statement | None, Statement | None]:
    """The statements before and behind one, in the order of the text."""
    place = next(n for n, one in enumerate(record.statements) if one.id == statement.id)
    before = record.statements[place - 1] if place else None
    return before, record.statements[place + 1] if place + 1 < len(record.statements) else None


def _number(given: str, otherwise: int) -> int:
    return int(given[:9]) if given.isascii() and given.isdigit() else otherwise


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as the page shows it: its paragraph in pieces, and the fields of the form."""

    record: Record
    statement: Statement | None
    fields: dict[str, str]
    pieces: tuple[tuple[str, bool], ...]  # text, and whether it is content
    start: int  # place of the first piece
    names: tuple[str, ...]


def told_of(record: Record, statement: Statement | None, *, content: tuple[Span, ...] | None = None) -> Told:
    """What the page shows; of an article without statement, its whole text. `content` is as somebody has moved it."""
    text = record.article.text
    spans = content if content is not None else statement.content if statement else ()
    start, end = 0, len(text)
    if spans:
        start = text.rfind("\n", 0, spans[0].start) + 1
        end = text.find("\n", spans[-1].end)
        end = len(text) if end < 0 else end
    pieces: list[tuple[str, bool]] = []
    at = start
    for span in spans:
        pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
    fields = dict(EMPTY) if statement is None else fields_of(record.article, statement)
    if content is not None:
        fields["content"] = _told(record.article, content)
    names = dict.fromkeys(s.speaker.name for s in record.statements if isinstance(s.speaker, Speaker))
    return Told(
        record=record, statement=statement, fields=fields, pieces=(*pieces, (text[at:end], False)), start=start,
        names=tuple(names),
    )  # fmt: skip
