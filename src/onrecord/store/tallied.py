"""What the kept counts answer, of the whole store: the same as overview.py finds in all statements, and at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from .codec import DAY_BITS

Row = tuple[Any, ...]
UNNAMED = ("group", "unnamed")


def counts(connection: sqlite3.Connection, by: str, *, most: int | None) -> list[Row]:
    """Value, statements and the sum of their confidences, as `overview.counts` orders them."""
    where, values = _places(by)
    column = "name" if by in ("month", "outlet") else "value"
    order = "1" if by == "month" else "2 DESC, 1"
    return connection.execute(
        f"SELECT {column}, sum(statements), sum(confidence) / 100.0 FROM tally WHERE {where}"
        f" GROUP BY 1 ORDER BY {order} LIMIT ?",
        (*values, -1 if most is None or by == "month" else most),
    ).fetchall()


def _places(by: str) -> tuple[str, tuple[str, ...]]:
    """The rows that name every statement once, with what is asked for."""
    if by in ("month", "outlet"):
        return "place = ? AND sort = 'type'", (by,)
    if by in ("speaker", "office"):
        return "place = '' AND sort = ?", (by,)
    return "place = 'month' AND sort = ?", (by,)


def counts_within(
    connection: sqlite3.Connection, by: Literal["outlet", "month"], sort: str, value: str, *, known: bool
) -> list[Row]:
    """Name, all and their confidences, those of a value and theirs, as `overview.counts_within` orders them."""
    whole = "type" if sort == "speaker" else sort
    order = "1" if by == "month" else "2 DESC, 1"
    counted = "sort = :whole AND (value <> '' OR NOT :known)"
    asked = "sort = :sort AND value = :value"
    return connection.execute(
        f"SELECT name, sum(statements * ({counted})) AS number, sum(confidence * ({counted})) / 100.0,"
        f" sum(statements * ({asked})), sum(confidence * ({asked})) / 100.0"
        f" FROM tally WHERE place = :by AND sort IN (:whole, :sort) GROUP BY 1 HAVING number > 0 ORDER BY {order}",
        {"by": by, "sort": sort, "value": value, "whole": whole, "known": known},
    ).fetchall()


def answers_within(sort: str, value: str, *, known: bool) -> bool:
    """Whether `counts_within` can tell: what is counted of every place is no speaker, and no office."""
    return sort in ("act", "type", "language", "gender") or (sort == "speaker" and not value and not known)


def speakers(
    connection: sqlite3.Connection, *, who: Sequence[int] | None, everybody: bool, limit: int | None
) -> Iterator[Row]:
    """Speakers, or those of some keys alone, as `overview.speakers` has them."""
    where = "1" if who is None else f"who IN ({', '.join('?' * len(who))})"
    rows = connection.execute(
        f"SELECT who, statements, articles FROM quoted WHERE {where} ORDER BY statements DESC", who or ()
    )
    found = _first(_named(connection, rows, everybody=everybody), limit)
    for key, name, type, gender, statements, articles, direct, mixed, denials in found:
        first, latest = _dates(connection, _names(connection, key))
        indirect = statements - direct - mixed
        yield name, type, gender, statements, articles, direct, indirect, mixed, denials, first, latest


def _named(connection: sqlite3.Connection, rows: Iterable[Row], *, everybody: bool) -> Iterator[Row]:
    for who, statements, articles in rows:
        if who < 0:
            (name,), type = connection.execute("SELECT name FROM person WHERE key = ?", (-who,)).fetchone(), "person"
        else:
            name, (type,) = None, connection.execute("SELECT type FROM speaker WHERE key = ?", (who,)).fetchone()
        if not everybody and type in UNNAMED:
            continue
        known, *genders, direct, mixed, denials = connection.execute(
            "SELECT min(name), min(nullif(gender, '')), max(nullif(gender, '')), sum(direct), sum(mixed), sum(denials)"
            " FROM quoted_as WHERE who = ?",
            (who,),
        ).fetchone()
        gender = genders[0] if genders[0] == genders[1] else None
        yield who, name or known, type, gender, statements, articles, direct, mixed, denials


def _first(rows: Iterable[Row], limit: int | None) -> list[Row]:
    """The first by number, name and type, of rows that come by number alone."""
    found: list[Row] = []
    for row in rows:
        if limit is not None and len(found) >= limit and row[4] < found[-1][4]:
            break
        found.append(row)
    return sorted(found, key=lambda row: (-row[4], row[1], row[2]))[:limit]


def whose(connection: sqlite3.Connection, speakers: Sequence[int]) -> list[int]:
    """Whom the keys of speakers count for."""
    rows = connection.execute(
        "SELECT DISTINCT ifnull(-n.person, g.key) FROM speaker AS g LEFT JOIN person_name AS n ON n.speaker = g.key"
        f" WHERE g.key IN ({', '.join('?' * len(speakers))})",
        speakers,
    )
    return [key for (key,) in rows]


def _names(connection: sqlite3.Connection, who: int) -> list[int]:
    """Keys of the speakers that a person or a speaker is."""
    if who > 0:
        return [who]
    return [key for (key,) in connection.execute("SELECT speaker FROM person_name WHERE person = ?", (-who,))]


def _dates(connection: sqlite3.Connection, speakers: Sequence[int]) -> tuple[str | None, str | None]:
    """When the first and the latest of what somebody said was published. Readings are in the order of their days."""
    firsts = [told for key in speakers if (told := _date(connection, key, "min"))]
    lasts = [told for key in speakers if (told := _date(connection, key, "max"))]
    return min(firsts, default=None), max(lasts, default=None)


def _date(connection: sqlite3.Connection, speaker: int, end: Literal["min", "max"]) -> str | None:
    order = "p.reading" if end == "min" else "p.reading DESC"
    joined = "FROM appearance AS p CROSS JOIN reading AS r ON r.key = p.reading WHERE p.speaker = ?"
    said = "s.key BETWEEN r.key << 14 AND (r.key << 14) + 16383 AND s.appearance = p.number"
    counts = f"r.superseded_by IS NULL AND EXISTS (SELECT 1 FROM statement AS s WHERE {said})"
    row = connection.execute(
        f"SELECT p.reading >> {DAY_BITS} {joined} AND p.reading >= ? AND {counts} ORDER BY {order} LIMIT 1",
        (speaker, 1 << DAY_BITS),
    ).fetchone()
    if row is None:
        return None
    days = (row[0] << DAY_BITS, (row[0] + 1 << DAY_BITS) - 1)
    (told,) = connection.execute(
        f"SELECT {end}(r.published_utc) {joined} AND p.reading BETWEEN ? AND ? AND {counts}", (speaker, *days)
    ).fetchone()
    return None if told is None else str(told)


def published(connection: sqlite3.Connection, end: Literal["min", "max"]) -> str | None:
    """When the first or the last of the articles was published, as far as their dates are known."""
    row = connection.execute(
        f"SELECT key >> {DAY_BITS} FROM reading WHERE key >= ? AND superseded_by IS NULL"
        f" ORDER BY key {'DESC' if end == 'max' else ''} LIMIT 1",
        (1 << DAY_BITS,),
    ).fetchone()
    if row is None:
        return None
    days = (row[0] << DAY_BITS, (row[0] + 1 << DAY_BITS) - 1)
    (told,) = connection.execute(
        f"SELECT {end}(published_utc) FROM reading WHERE key BETWEEN ? AND ? AND superseded_by IS NULL", days
    ).fetchone()
    return str(told)
