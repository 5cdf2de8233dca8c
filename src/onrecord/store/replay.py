"""Judgements played over what a reader found: the statements as people left them.

In order, each on what the ones before it have made. A judgement finds its statement by overlap of content and cue, or,
in another text, by the same words; one that finds none changes nothing and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from ..types import (
    Act,
    Article,
    Draft,
    Kind,
    Reason,
    Record,
    Span,
    Speaker,
    Statement,
    StatementType,
    Unknown,
    quoted,
    statement_id,
)  # fmt: skip

Verdict = Literal["confirmed", "rejected", "speaker", "corrected", "added", "split", "merged"]
Spans = tuple[Span, ...]
OVERLAP = 0.5  # of the characters of two contents, in common over in either (Jaccard)


class Target(msgspec.Struct, frozen=True):
    """A statement as it was looked at."""

    content: Spans
    cue: Spans = ()


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a judgement says of a statement that it makes; None leaves it as it is."""

    content: Spans | None = None
    cue: Spans | None = None
    source: Spans | None = None
    speaker: str | None = None  # by name; "" for nobody known
    type: StatementType | None = None
    kind: Kind | None = None
    act: Act | None = None
    negated: bool | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decided: of which statements, and what it makes of them."""

    key: int
    verdict: Verdict
    targets: tuple[Target, ...]  # of "added" the statement that it makes
    made: tuple[Change, ...]
    text: str  # the one that was looked at
    who: str
    why: str
    judged_at: str


class Played(msgspec.Struct, frozen=True):
    """A statement, the judgement that made it so, and its place among those of the reader."""

    statement: Statement
    judgement: int | None = None
    origin: int | None = None


def play(record: Record, judgements: Iterable[Judgement]) -> tuple[Record, tuple[Played, ...]]:
    """The record as judged, and where each of its statements comes from."""
    found = [Played(statement, None, place) for place, statement in enumerate(record.statements)]
    became: dict[str, str] = {}  # ids of statements that were merged into others
    for judgement in judgements:
        _play(record, judgement, found, became)
    found.sort(key=lambda one: (one.statement.content[0].start, -one.statement.content[-1].end))
    whole = _with_ids(record.article, found, became)
    kept = tuple(one.statement for one in whole)
    made_by = msgspec.structs.replace(record.made_by, reader=f"{record.made_by.reader}, judged")
    judged = msgspec.structs.replace(record, statements=kept, speakers=quoted(kept), made_by=made_by)
    return judged, whole


def _play(record: Record, judgement: Judgement, found: list[Played], became: dict[str, str]) -> None:
    """One judgement, on the list in place."""
    same_text = judgement.text == record.article.text
    meant = [_find(record.article.text, judgement, target, found, same_text=same_text) for target in judgement.targets]
    if judgement.verdict != "added" and None in meant:
        return
    targets = [one for one in meant if one is not None]
    changes = judgement.made if judgement.verdict not in ("confirmed", "rejected") else (Change(),)
    results: list[Statement] = []
    if judgement.verdict != "rejected":
        shift = 0 if same_text else _shift(record.article.text, judgement, targets)
        for change in changes:
            fitted = change if same_text else _moved(record.article.text, judgement.text, change, shift)
            statement = _changed(record, targets[0].statement if targets else None, fitted, judgement)
            if statement is None:
                return
            results.append(statement)
    origin = targets[0].origin if targets else None
    for target in targets:
        found.remove(target)
        if target is not targets[0]:
            became[target.statement.id] = targets[0].statement.id
    found += [Played(one, judgement.key, origin if n == 0 else None) for n, one in enumerate(results)]


def _find(
    text: str, judgement: Judgement, target: Target, found: Sequence[Played], *, same_text: bool
) -> Played | None:
    """The statement that was looked at, among those there are now."""
    if not same_text:
        words = words_of(judgement.text, target.content)
        return next((one for one in found if words_of(text, one.statement.content) == words), None)
    fitting = [
        (overlap(one.statement.content, target.content), one)
        for one in found
        if cues_agree(one.statement.cue, target.cue)
    ]
    # Of two with one content, as in "X, selon Y", the one with the very cue
    best = max(fitting, key=lambda pair: (pair[0], pair[1].statement.cue == target.cue), default=None)
    return best[1] if best is not None and best[0] >= OVERLAP else None


def _shift(text: str, judgement: Judgement, targets: Sequence[Played]) -> int:
    """How far the words have moved from the text that was looked at."""
    start = judgement.targets[0].content[0].start
    if targets:
        return targets[0].statement.content[0].start - start
    words = judgement.text[start : judgement.targets[0].content[-1].end]
    return text.find(words) - start if text.count(words) == 1 else len(text)


def _moved(text: str, looked_at: str, change: Change, shift: int) -> Change:
    """The change in another text; what does not stand there in the same words is left out."""
    told = {}
    for name in ("content", "cue", "source"):
        spans: Spans | None = getattr(change, name)
        if spans:
            there = tuple(Span(span.start + shift, span.end + shift) for span in spans)
            same = all(
                one.start >= 0 and text[one.start : one.end] == looked_at[span.start : span.end]
                for one, span in zip(there, spans, strict=True)
            )
            told[name] = there if same else None
    return msgspec.structs.replace(change, **told)


NEW = Statement(
    id="", content=(), cue=(), source=(), speaker=Unknown("not_stated"), type="indirect", kind="speech", act="assert",
    negated=False, parent=None, addressee=(), occasion=(), when=(), confidence=1.0, reasons=(),
)  # fmt: skip


def _changed(record: Record, target: Statement | None, change: Change, judgement: Judgement) -> Statement | None:
    """What a judgement makes of a statement, or of none; None where that would have no content."""
    told = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not None}
    if "speaker" in told:
        told["speaker"] = speaker_called(record, told["speaker"])
    by = f"{judgement.verdict}: {judgement.who}, {judgement.judged_at[:10]}"
    reason = Reason("judged", f"{by} ({judgement.why})" if judgement.why else by)
    base = target or NEW
    made = msgspec.structs.replace(base, **told, confidence=1.0, reasons=(*base.reasons, reason))
    return made if made.content else None


def speaker_called(record: Record, name: str) -> Speaker | Unknown:
    """Whom a judgement means: somebody of the article by this name, else a person; for "" nobody known."""
    if not name:
        return Unknown("not_stated")
    known = next((one for one in record.speakers if one.name == name), None)
    if known is not None:
        return known
    at = record.article.text.find(name)
    span = Span(at, at + len(name)) if at >= 0 else None
    return Speaker(name=name, type="person", named_at=span, mentions=(span,) if span else ())


def _with_ids(article: Article, found: Sequence[Played], became: dict[str, str]) -> tuple[Played, ...]:
    """The statements with the ids of their spans, and with parents by these."""
    drafts = [Draft(content=s.content, cue=s.cue, source=s.source) for s in (one.statement for one in found)]
    seen: dict[str, int] = {}
    ids = []
    for draft in drafts:
        id = statement_id(article.sha256, draft)
        seen[id] = seen.get(id, 0) + 1
        ids.append(id if seen[id] == 1 else f"{id}-{seen[id]}")
    whole = []
    for id, one in zip(ids, found, strict=True):
        place = _parent(one, found, became)
        statement = msgspec.structs.replace(one.statement, id=id, parent=None if place is None else ids[place])
        whole.append(msgspec.structs.replace(one, statement=statement))
    return tuple(whole)


def _parent(one: Played, found: Sequence[Played], became: dict[str, str]) -> int | None:
    """The place of what the statement around this one has become: of two parts, the one that holds it."""
    parent = one.statement.parent
    while parent in became:
        parent = became[parent]
    start = one.statement.content[0].start
    places = [n for n, other in enumerate(found) if parent and other.statement.id == parent and other is not one]
    inside = [n for n in places if any(s.start <= start < s.end for s in found[n].statement.content)]
    return next(iter(inside or places), None)


def overlap(one: Spans, other: Spans) -> float:
    """Of the characters of two contents, the share that both have of those that either has."""
    mine, theirs = ({n for span in spans for n in range(span.start, span.end)} for spans in (one, other))
    return len(mine & theirs) / (len(mine | theirs) or 1)


def cues_agree(one: Spans, other: Spans) -> bool:
    """Whether two cues touch; a missing one agrees with every other."""
    return not one or not other or any(a.start < b.end and b.start < a.end for a in one for b in other)


def words_of(text: str, spans: Spans) -> list[str]:
    """The words of spans."""
    return " ".join(text[span.start : span.end] for span in spans).split()
