"""An article as its page shows it: the text cut at every edge of a statement, and the statements as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from ..export.terminal import office_of
from ..export.wording import headline, paragraphs
from ..types import Article, Reason, Record, Span, Speaker, Statement, Unknown, covered, words_of

MAX_TITLE_CHARS = 200  # a longer first line is a paragraph, not a title
Words = Mapping[str, str]


class Told(msgspec.Struct, frozen=True):
    """A statement with all that its card says; `inner` are those in its content."""

    statement: Statement
    speaker: str
    name: str | None  # of the speaker, for the link; None where unknown
    office: str
    words: str
    facts: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    within: str | None  # speaker of the statement in whose content it stands
    inner: tuple[Told, ...]


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text. `told` is the innermost statement that holds it; `begins` are those that begin with it."""

    text: str
    number: int  # on the page; names the card
    told: Told | None = None
    begins: tuple[str, ...] = ()
    is_deep: bool = False
    is_chosen: bool = False


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph, or the heading."""

    is_heading: bool
    pieces: tuple[Piece, ...]


def shown(record: Record, words: Words, *, chosen: str | None = None) -> dict[str, Any]:
    """What the article's page shows of a record; `chosen` is the id of the statement that a permanent link names."""
    told = tree(record, words)
    return {
        "record": record, "title": headline(record.article), "told": told, "number": len(record.statements),
        "text": list(_paragraphs(record, {one.statement.id: one for one in flat(told)}, chosen)),
    }  # fmt: skip


def tree(record: Record, words: Words) -> tuple[Told, ...]:
    """The statements in order, each with those that stand in its content."""
    children: dict[str | None, list[Statement]] = {}
    ids = {statement.id for statement in record.statements}
    for statement in record.statements:
        children.setdefault(statement.parent if statement.parent in ids else None, []).append(statement)

    def below(parent: Statement | None) -> tuple[Told, ...]:
        found = children.get(None if parent is None else parent.id, ())
        within = None if parent is None else speaker_in(parent.speaker, words)
        return tuple(_told(record.article, one, words, within, below(one)) for one in found)

    return below(None)


def flat(told: Sequence[Told]) -> Iterator[Told]:
    """All statements of a tree, in order."""
    for one in told:
        yield one
        yield from flat(one.inner)


def _told(article: Article, statement: Statement, words: Words, within: str | None, inner: tuple[Told, ...]) -> Told:
    speaker = statement.speaker
    return Told(
        statement=statement, speaker=speaker_in(speaker, words),
        name=speaker.name if isinstance(speaker, Speaker) else None, office=office_of(article, statement),
        words=words_of(article, statement.content), facts=tuple(_facts(article, statement, words)),
        reasons=tuple(why(reason, words) for reason in statement.reasons), within=within, inner=inner,
    )  # fmt: skip


def speaker_in(speaker: Speaker | Unknown, words: Words) -> str:
    """The name, or why there is none, on one line."""
    if isinstance(speaker, Unknown):
        return words[f"unknown_{speaker.reason}"].format(", ".join(speaker.candidates))
    return " ".join(speaker.name.split())


def why(reason: Reason, words: Words) -> str:
    """A reason in words that a reader of the article understands; rules without such words by their name."""
    told = words.get(f"why_{reason.rule}")
    if told is not None:
        return told.replace("{0}", reason.evidence)  # evidence may hold braces of its own
    rule = reason.rule.replace("_", " ")
    return f"{rule}: {reason.evidence}" if reason.evidence else rule


def _facts(article: Article, statement: Statement, words: Words) -> Iterator[tuple[str, str]]:
    roles: dict[str, tuple[Span, ...]] = {
        "cue": statement.cue, "source": statement.source, "addressee": statement.addressee,
        "occasion": statement.occasion, "when": statement.when,
    }  # fmt: skip
    yield from ((words[role], words_of(article, spans)) for role, spans in roles.items() if spans)
    if statement.quoted_by is not None:
        yield words["quoted_by"], statement.quoted_by.name
    speaker = statement.speaker
    if not isinstance(speaker, Speaker):
        return
    if speaker.anonymity is not None:
        yield words["anonymity"], covered(article, speaker.anonymity)
    called = list(dict.fromkeys(covered(article, span) for span in speaker.mentions))
    if len(called) > 1:
        yield words["also_called"], ", ".join(called)


def _paragraphs(record: Record, told: Mapping[str, Told], chosen: str | None) -> Iterator[Paragraph]:
    anchored: set[str] = set()
    found = paragraphs(record.article.text)
    number = 0
    for place, (start, end) in enumerate(found):
        pieces = []
        for left, right in pairwise(_edges(record.statements, start, end)):
            number += 1
            pieces.append(_piece(record, (left, right), number, told, anchored, chosen))
        is_heading = place == 0 and len(found) > 1 and end - start <= MAX_TITLE_CHARS
        yield Paragraph(is_heading, tuple(pieces))


def _edges(statements: Sequence[Statement], start: int, end: int) -> list[int]:
    spans = (span for statement in statements for span in statement.content)
    return sorted({start, end, *(edge for span in spans for edge in (span.start, span.end) if start < edge < end)})


def _piece(  # noqa: PLR0913 - what is shown and what was shown before
    record: Record, ends: tuple[int, int], number: int, told: Mapping[str, Told], anchored: set[str],
    chosen: str | None,
) -> Piece:  # fmt: skip
    left, right = ends
    text = record.article.text[left:right]
    over = [s for s in record.statements if any(c.start <= left and right <= c.end for c in s.content)]
    if not over:
        return Piece(text, number)
    inner = min(over, key=lambda s: sum(c.end - c.start for c in s.content))
    begins = tuple(s.id for s in over if s.id not in anchored)
    anchored.update(begins)
    is_chosen = any(s.id == chosen for s in over)
    return Piece(text, number, told[inner.id], begins, is_deep=len(over) > 1, is_chosen=is_chosen)
