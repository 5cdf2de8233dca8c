"""Records out of a store: one, or all of them, exactly as they were written."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..types import Article, MadeBy, Record
from .codec import Row, Rows, id_columns, statements_of, unpack

READING = (
    "SELECT r.key, a.id, t.text, r.language, lower(hex(t.sha256)), r.title, r.url, o.name, r.author, r.published,"
    " r.origin, r.details, m.onrecord, m.reader, m.pack, m.weights, m.settings, m.people"
    " FROM reading AS r JOIN article AS a ON a.key = r.article JOIN text AS t ON t.key = r.text"
    " JOIN made_by AS m ON m.key = r.made_by LEFT JOIN outlet AS o ON o.key = r.outlet"
)
ID = re.compile(r"[0-9a-f]{1,16}")
PAGE = 200  # readings looked up at once


class Reading(msgspec.Struct, frozen=True):
    """A record with its place in the store."""

    key: int
    record: Record


def record_of(connection: sqlite3.Connection, reading: int) -> Record:
    """The record of a reading, superseded or not."""
    return next(_records(connection, "WHERE r.key = ?", (reading,))).record


def reading_of_article(connection: sqlite3.Connection, id: str) -> int | None:
    """The reading that counts of an article; None where the store has no such article."""
    found = connection.execute(
        "SELECT r.key FROM article AS a JOIN reading AS r ON r.article = a.key"
        " WHERE a.id = ? AND r.superseded_by IS NULL",
        (id,),
    ).fetchone()
    return None if found is None else int(found[0])


def statements_with_id(connection: sqlite3.Connection, id: str) -> list[int]:
    """Keys of the statements whose id is or begins so, those of readings that count first; ten at most.

    Two articles with one text have statements of one id. Empty for what is no id.
    """
    head, _, twin = id.partition("-")
    if not ID.fullmatch(head) or not (twin.isdigit() or not twin):
        return []
    first, last = (id_columns(head.ljust(16, fill))[0] for fill in "0f")
    return [
        int(key)
        for (key,) in connection.execute(
            "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
            " WHERE s.id BETWEEN ? AND ? AND (? = '' OR s.twin = ?)"
            " ORDER BY r.superseded_by IS NOT NULL, s.key DESC LIMIT 10",
            (first, last, twin, int(twin or 0)),
        )
    ]


def readings(connection: sqlite3.Connection, *, superseded: bool = False) -> Iterator[Reading]:
    """Readings with their records, oldest publication first; with `superseded` earlier ones before what replaced them.

    Looked up a page at a time, so that memory stays flat and writing goes on meanwhile.
    """
    last = -1
    while page := list(
        _records(connection, f"WHERE r.key > ? AND r.superseded_by IS NULL ORDER BY r.key LIMIT {PAGE}", (last,))
    ):
        for reading in page:
            if superseded:
                yield from _earlier(connection, reading.key)
            yield reading
        last = page[-1].key


def _earlier(connection: sqlite3.Connection, reading: int) -> list[Reading]:
    """What a reading superseded, the first one first."""
    found: list[Reading] = []
    (article,) = connection.execute("SELECT article FROM reading WHERE key = ?", (reading,)).fetchone()
    by = {
        later: key
        for key, later in connection.execute(
            "SELECT key, superseded_by FROM reading WHERE article = ? AND superseded_by IS NOT NULL", (article,)
        )
    }
    while (key := by.get(reading)) is not None:
        found += _records(connection, "WHERE r.key = ?", (key,))
        reading = key
    return found[::-1]


def _records(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> Iterator[Reading]:
    for row in connection.execute(f"{READING} {where}", values).fetchall():
        yield Reading(row[0], _record(connection, row))


def _record(connection: sqlite3.Connection, row: Row) -> Record:
    key, id, text, language, sha256, title, url, outlet, author, published, origin, details, *made = row
    article = Article(
        id=id, text=text, language=language, sha256=sha256, title=title, url=url, outlet=outlet, author=author,
        published=published, origin=origin,
    )  # fmt: skip
    onrecord, reader, pack, weights, settings, people = made
    made_by = MadeBy(onrecord=onrecord, reader=reader, pack=pack, weights=weights, settings=settings, people=people)
    appearances: list[Any] = connection.execute(
        "SELECT ifnull(p.name, g.name), g.type, p.named_at, p.office, p.affiliation, p.gender, p.more"
        " FROM appearance AS p JOIN speaker AS g ON g.key = p.speaker WHERE p.reading = ? ORDER BY p.number",
        (key,),
    ).fetchall()
    statements = connection.execute(
        "SELECT id, twin, content, cue, source, addressee, occasion, said_when, appearance, unknown, type, kind, act,"
        " negated, parent, confidence, more FROM statement WHERE key BETWEEN ? AND ? ORDER BY key",
        statements_of(key),
    ).fetchall()
    rows = Rows(
        speakers=(), appearances=tuple(one[2:] for one in appearances), statements=tuple(statements), details=details
    )
    return unpack(article, made_by, rows, [one[:2] for one in appearances])
