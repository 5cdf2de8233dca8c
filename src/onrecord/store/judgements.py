"""What people decide of statements: confirmed, rejected, or said by somebody else.

A judgement is kept with the spans that were looked at, and found again in every later reading of the article whose
content overlaps by half or more and whose cue is the same or none; where the text has changed, by the same words. The
last one that stands counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Literal

import msgspec

from ..errors import StoreError
from ..types import Span
from .codec import spans_of
from .database import now, transaction

Verdict = Literal["confirmed", "rejected", "speaker"]
OVERLAP = 0.5  # of the characters of two contents, in common over in either (Jaccard)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that stands."""

    key: int
    verdict: Verdict
    speaker: str | None  # who it is, where corrected; "" for nobody known
    who: str
    why: str
    judged_at: str


def judge(  # noqa: PLR0913 - who decides what of which, and why
    connection: sqlite3.Connection, statement: int, verdict: Verdict, *, who: str, why: str = "",
    speaker: str | None = None,
) -> int:  # fmt: skip
    """Keeps a judgement of a statement, by its key; the key of the judgement.

    Raises StoreError for a statement that is not there, and for a correction without a speaker.
    """
    if (verdict == "speaker") != (speaker is not None):
        raise StoreError("who is it?", remedy='give the speaker with the verdict "speaker", and with no other')
    row = connection.execute(
        "SELECT r.article, r.text, s.content, s.cue FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
        " WHERE s.key = ?",
        (statement,),
    ).fetchone()
    if row is None:
        raise StoreError("no such statement", which=str(statement), remedy="`onrecord search` shows them")
    with transaction(connection):
        made = connection.execute(
            "INSERT INTO judgement (article, text, content, cue, verdict, speaker, who, why, judged_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, verdict, speaker, who, why, now()),
        )
    assert made.lastrowid is not None  # noqa: S101 - an INSERT has one
    return made.lastrowid


def undo(connection: sqlite3.Connection, judgement: int) -> None:
    """Takes a judgement back; it stays in the file as undone. Raises StoreError where there is none that stands."""
    with transaction(connection):
        changed = connection.execute(
            "UPDATE judgement SET undone_at = ? WHERE key = ? AND undone_at IS NULL", (now(), judgement)
        ).rowcount
    if not changed:
        raise StoreError("no judgement that stands", which=str(judgement), remedy="it may be undone already")


def judgement_of(connection: sqlite3.Connection, statement: int) -> Judged | None:
    """The last judgement that stands of a statement; None where nobody has decided."""
    row = connection.execute(
        "SELECT r.article, r.text, s.content, s.cue, t.text FROM statement AS s"
        " JOIN reading AS r ON r.key = s.key >> 14 JOIN text AS t ON t.key = r.text WHERE s.key = ?",
        (statement,),
    ).fetchone()
    if row is None:
        return None
    article, text, content, cue, whole = row
    for key, other, spans, about, verdict, speaker, who, why, when, words in connection.execute(
        "SELECT j.key, j.text, j.content, j.cue, j.verdict, j.speaker, j.who, j.why, j.judged_at, t.text"
        " FROM judgement AS j JOIN text AS t ON t.key = j.text"
        " WHERE j.article = ? AND j.undone_at IS NULL ORDER BY j.key DESC",
        (article,),
    ):
        mine, theirs = spans_of(content), spans_of(spans)
        same = (
            _overlap(mine, theirs) >= OVERLAP and _cues_agree(spans_of(cue), spans_of(about))
            if other == text
            else _words(whole, mine) == _words(words, theirs)
        )
        if same:
            return Judged(key=key, verdict=verdict, speaker=speaker, who=who, why=why, judged_at=when)
    return None


def _overlap(one: tuple[Span, ...], other: tuple[Span, ...]) -> float:
    mine, theirs = ({n for span in spans for n in range(span.start, span.end)} for spans in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def _cues_agree(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    """Whether two cues touch; a missing one agrees with every other."""
    return not one or not other or any(a.start < b.end and b.start < a.end for a in one for b in other)


def _words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return " ".join(text[span.start : span.end] for span in spans).split()


def unsure(connection: sqlite3.Connection, *, after: tuple[int, int] = (-1, -1)) -> Iterator[int]:
    """Statements that count and that nobody has judged, the least certain first, from behind a place on.

    A place is the confidence in hundredths and the key of a statement.
    """
    rows = connection.execute(
        "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14 AND r.superseded_by IS NULL"
        " WHERE (s.confidence, s.key) > (?, ?) AND s.kind = 'speech' ORDER BY s.confidence, s.key",
        after,
    )
    return (key for (key,) in rows if judgement_of(connection, key) is None)


def place_of(connection: sqlite3.Connection, statement: int) -> tuple[int, int]:
    """Where a statement stands in the order of `unsure`."""
    row = connection.execute("SELECT confidence, key FROM statement WHERE key = ?", (statement,)).fetchone()
    return (-1, -1) if row is None else (int(row[0]), int(row[1]))
