"""What people decide of statements: confirmed, rejected, corrected, added, split, merged, or said by somebody else.

A judgement is kept with the spans that were looked at, is never edited, and can be taken back. What it comes to is
a reading of its own, made anew by replay.py from what the reader found, whenever a judgement comes or goes and whenever
the article is read again. So the judged statements are those that are shown, searched and counted.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from ..errors import StoreError
from ..types import Span
from .codec import numbers, spans_of
from .database import now, transaction
from .replay import Change, Judgement, Target, Verdict

Row = tuple[object, ...]
MADE = {"speaker": 1, "corrected": 1, "added": 1, "merged": 1, "split": 2}  # statements that a verdict makes


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that stands."""

    key: int
    verdict: Verdict
    speaker: str | None  # who it is, where corrected; "" for nobody known
    who: str
    why: str
    judged_at: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement as it is listed and exchanged; `sha256` is of the text that was looked at."""

    uid: str
    verdict: Verdict
    targets: tuple[Target, ...]
    made: tuple[Change, ...]
    who: str
    why: str
    judged_at: str
    undone_at: str | None
    sha256: str
    key: int | None = None
    article: str | None = None
    words: str | None = None
    text: str | None = None  # the one that was looked at, where another stands with the judgement


def judge(  # noqa: PLR0913 - who decides what of which, and why
    connection: sqlite3.Connection, statement: int, verdict: Verdict, *, who: str, why: str = "",
    speaker: str | None = None, made: Sequence[Change] = (), other: int | None = None,
) -> int:  # fmt: skip
    """Keeps a judgement of a statement, by its key, and lets it take effect; the key of the judgement.

    `made` is what it makes of the statement: two for "split"; `other` is the statement that "merged" joins to it.
    Raises StoreError for a statement that is not there, and where what is made does not fit the verdict or the text.
    """
    if (verdict == "speaker") != (speaker is not None):
        raise StoreError("who is it?", remedy='give the speaker with the verdict "speaker", and with no other')
    if verdict == "speaker":
        made = (Change(speaker=speaker),)
    with transaction(connection):
        article, text, content, cue = _place(connection, statement)
        others = None
        if verdict == "merged":
            same, _, joined, about = _place(connection, -1 if other is None else other)
            if same != article or other == statement:
                raise StoreError(
                    "two statements of one article can be merged", which=str(other), remedy="take its next"
                )
            others = _json([Target(spans_of(joined), spans_of(about))])
            made = made or (Change(content=_united(spans_of(content), spans_of(joined))),)
        _check(connection, text, verdict, made)
        return _keep(connection, (article, text, content, cue, others, verdict), made, who=who, why=why)


def add(connection: sqlite3.Connection, article: str, change: Change, *, who: str, why: str = "") -> int:
    """Keeps a statement that the reader missed; the key of the judgement. Raises StoreError where it does not fit."""
    with transaction(connection):
        row = connection.execute(
            "SELECT a.key, r.text FROM article AS a JOIN reading AS r ON r.article = a.key AND r.superseded_by IS NULL"
            " WHERE a.id = ?",
            (article,),
        ).fetchone()
        if row is None:
            raise StoreError("no such article", which=article, remedy="`onrecord search` shows the ids")
        _check(connection, row[1], "added", (change,))
        spans = numbers(change.content or ()), numbers(change.cue or ())
        return _keep(connection, (*row, *spans, None, "added"), (change,), who=who, why=why)


def _place(connection: sqlite3.Connection, statement: int) -> tuple[int, int, str, str | None]:
    row: tuple[int, int, str, str | None] | None = connection.execute(
        "SELECT r.article, r.text, s.content, s.cue FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
        " WHERE s.key = ?",
        (statement,),
    ).fetchone()
    if row is None:
        raise StoreError("no such statement", which=str(statement), remedy="`onrecord search` shows them")
    return row


def _united(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans of both, those that touch or overlap as one."""
    whole: list[Span] = []
    for span in sorted((*one, *other)):
        if whole and span.start <= whole[-1].end + 1:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return tuple(whole)


def _check(connection: sqlite3.Connection, text: object, verdict: Verdict, made: Sequence[Change]) -> None:
    if len(made) != MADE.get(verdict, 0):
        raise StoreError(f"{verdict}: {MADE.get(verdict, 0)} statements are to be made of it", remedy="give so many")
    if verdict in ("added", "split") and not all(change.content for change in made):
        raise StoreError("a statement has content", remedy="say from where to where its words go")
    (whole,) = connection.execute("SELECT text FROM text WHERE key = ?", (text,)).fetchone()
    for change in made:
        for spans in (change.content or (), change.cue or (), change.source or ()):
            ends = [place for span in spans for place in (span.start, span.end)]
            if any(not 0 <= s.start < s.end <= len(whole) for s in spans) or ends != sorted(ends):
                raise StoreError("a span lies outside the text, or before another", remedy="take places of this text")


def _keep(connection: sqlite3.Connection, told: Row, made: Sequence[Change], *, who: str, why: str) -> int:
    from .judged import apply

    speaker = next((change.speaker for change in made if change.speaker is not None), None)
    key = connection.execute(
        "INSERT INTO judgement (uid, article, text, content, cue, others, verdict, speaker, made, who, why, judged_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (secrets.token_hex(8), *told, speaker, _json(made) if made else None, who, why, now()),
    ).lastrowid
    apply(connection, int(told[0]))  # type: ignore[call-overload]
    assert key is not None  # noqa: S101 - an INSERT has one
    return key


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def undo(connection: sqlite3.Connection, judgement: int) -> None:
    """Takes a judgement back; it stays in the file as undone. Raises StoreError where there is none that stands."""
    from .judged import apply

    with transaction(connection):
        row = connection.execute(
            "UPDATE judgement SET undone_at = ? WHERE key = ? AND undone_at IS NULL RETURNING article",
            (now(), judgement),
        ).fetchone()
        if row is None:
            raise StoreError("no judgement that stands", which=str(judgement), remedy="it may be undone already")
        apply(connection, row[0])


def judgement_of(connection: sqlite3.Connection, statement: int) -> Judged | None:
    """The last judgement that made a statement what it is; None where nobody has decided."""
    row = connection.execute(
        "SELECT j.key, j.verdict, j.speaker, j.who, j.why, j.judged_at FROM judged AS d"
        " JOIN judgement AS j ON j.key = d.judgement WHERE d.statement = ?",
        (statement,),
    ).fetchone()
    return None if row is None else Judged(**dict(zip(Judged.__struct_fields__, row, strict=True)))


LISTED = (
    "SELECT j.key, j.uid, j.verdict, j.content, j.cue, j.others, j.made, j.who, j.why, j.judged_at, j.undone_at,"
    " t.text, lower(hex(t.sha256)), a.id"
    " FROM judgement AS j JOIN text AS t ON t.key = j.text JOIN article AS a ON a.key = j.article"
)


def listed(
    connection: sqlite3.Connection, *, article: str | None = None, before: int | None = None, limit: int | None = None
) -> Iterator[Entry]:
    """Judgements, undone ones too, the last one first."""
    rows = connection.execute(
        f"{LISTED} WHERE (?1 IS NULL OR a.id = ?1) AND (?2 IS NULL OR j.key < ?2) ORDER BY j.key DESC LIMIT ?3",
        (article, before, -1 if limit is None else limit),
    )
    for key, uid, verdict, content, cue, others, made, who, why, at, undone, text, sha256, id in rows:
        spans = spans_of(content)
        yield Entry(
            key=key, uid=uid, verdict=verdict, targets=targets_of(content, cue, others), made=made_of(made), who=who,
            why=why, judged_at=at, undone_at=undone, sha256=sha256, article=id,
            words=" … ".join(text[span.start : span.end] for span in spans),
        )  # fmt: skip


def standing(connection: sqlite3.Connection, article: int) -> list[Judgement]:
    """The judgements of an article that stand, the first one first."""
    rows = connection.execute(
        "SELECT j.key, j.verdict, j.content, j.cue, j.others, j.made, t.text, j.who, j.why, j.judged_at"
        " FROM judgement AS j JOIN text AS t ON t.key = j.text"
        " WHERE j.article = ? AND j.undone_at IS NULL ORDER BY j.judged_at, j.key",
        (article,),
    )
    return [
        Judgement(
            key=key, verdict=verdict, targets=targets_of(content, cue, others), made=made_of(made), text=text, who=who,
            why=why, judged_at=when,
        )
        for key, verdict, content, cue, others, made, text, who, why, when in rows
    ]  # fmt: skip


def targets_of(content: str, cue: str | None, others: str | None) -> tuple[Target, ...]:
    """The statements that a judgement is about."""
    more = msgspec.json.decode(others, type=tuple[Target, ...]) if others else ()
    return (Target(spans_of(content), spans_of(cue)), *more)


def made_of(made: str | None) -> tuple[Change, ...]:
    """The statements that a judgement makes."""
    return msgspec.json.decode(made, type=tuple[Change, ...]) if made else ()


def unsure(connection: sqlite3.Connection, *, after: tuple[int, int] = (-1, -1)) -> Iterator[int]:
    """Statements that count and that nobody has judged, the least certain first, from behind a place on.

    A place is the confidence in hundredths and the key of a statement.
    """
    rows = connection.execute(
        "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14 AND r.superseded_by IS NULL"
        " WHERE (s.confidence, s.key) > (?, ?) AND s.kind = 'speech'"
        " AND NOT EXISTS (SELECT 1 FROM judged AS d WHERE d.statement = s.key AND d.judgement IS NOT NULL)"
        " ORDER BY s.confidence, s.key",
        after,
    )
    return (key for (key,) in rows)


def place_of(connection: sqlite3.Connection, statement: int) -> tuple[int, int]:
    """Where a statement stands in the order of `unsure`."""
    row = connection.execute("SELECT confidence, key FROM statement WHERE key = ?", (statement,)).fetchone()
    return (-1, -1) if row is None else (int(row[0]), int(row[1]))
