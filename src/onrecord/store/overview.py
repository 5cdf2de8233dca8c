"""Who is quoted, how often and how; and what a store holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Literal

import msgspec

from .search import Filters, days_of, outlets_named, speakers_named, with_other_names

By = Literal["outlet", "month", "language", "act", "type", "gender", "speaker", "office"]
OFFICE = "lower(substr(t.text, CAST(p.office AS INTEGER) + 1, substr(p.office, instr(p.office, ',') + 1) - p.office))"
# Columns to count by. `appearance` is there for statements whose speaker is known alone
COLUMNS: dict[By, str] = {
    "outlet": "ifnull(o.name, '')",
    "month": "ifnull(substr(r.published_utc, 1, 7), '')",
    "language": "r.language",
    "act": "s.act",
    "type": "s.type",
    "gender": "ifnull(p.gender, '')",
    "speaker": "ifnull(ifnull(w.name, g.name), '')",
    "office": f"CASE WHEN p.office IS NULL THEN '' ELSE {OFFICE} END",
}
JOINED = (
    " FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14 JOIN article AS a ON a.key = r.article"
    " LEFT JOIN outlet AS o ON o.key = r.outlet"
    " LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance"
    " LEFT JOIN speaker AS g ON g.key = p.speaker LEFT JOIN person_name AS n ON n.speaker = g.key"
    " LEFT JOIN person AS w ON w.key = n.person"
)
TEXT = " JOIN text AS t ON t.key = r.text"


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """One speaker and how often; shares are counts, so that they can be added up."""

    name: str
    type: str
    gender: str | None  # None without evidence, and where articles disagree
    statements: int
    articles: int
    direct: int
    indirect: int
    mixed: int
    denials: int
    first: str | None  # dates of publication, UTC
    latest: str | None


class Count(msgspec.Struct, frozen=True):
    """How many statements there are of one sort; `value` is empty where it is not known."""

    value: str
    statements: int
    right: float = 0.0  # the sum of their confidences: how many of them are right, as far as the reader knows itself


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds."""

    articles: int
    readings: int  # superseded ones too
    statements: int  # of readings that count
    unknown: int  # of these, without known speaker
    speakers: int
    outlets: int
    refusals: int
    erased: int
    first: str | None
    latest: str | None
    bytes: int
    text_bytes: int


def speakers(
    connection: sqlite3.Connection, filters: Filters, *, everybody: bool = False, limit: int | None = None
) -> Iterator[Quoted]:
    """Who is quoted most, the most often quoted first; groups and unnamed sources only where everybody is asked for."""
    where, values = _where(connection, filters)
    if not everybody:
        where += " AND g.type IN ('person', 'organisation', 'country', 'document')"
    names = (
        "name",
        "type",
        "gender",
        "statements",
        "articles",
        "direct",
        "indirect",
        "mixed",
        "denials",
        "first",
        "latest",
    )
    for row in connection.execute(
        "SELECT ifnull(max(w.name), min(ifnull(p.name, g.name))), g.type,"
        " CASE WHEN min(p.gender) = max(p.gender) THEN min(p.gender) END, count(*) AS number,"
        " count(DISTINCT r.article), sum(s.type = 'direct'), sum(s.type = 'indirect'), sum(s.type = 'mixed'),"
        f" sum(s.act = 'deny'), min(r.published_utc), max(r.published_utc){JOINED} WHERE {where}"
        " AND g.key IS NOT NULL GROUP BY ifnull(-n.person, g.key) ORDER BY number DESC, 1, 2 LIMIT ?",
        (*values, -1 if limit is None else limit),
    ):
        yield Quoted(**dict(zip(names, row, strict=True)))


def counts(connection: sqlite3.Connection, filters: Filters, by: By, *, most: int | None = None) -> list[Count]:
    """Statements by outlet, month, language, act, type; gender, name or office of the speaker.

    Months in order, all of them; of the others the most frequent values first, as many as asked for.
    """
    where, values = _where(connection, filters)
    order, most = ("1", None) if by == "month" else ("number DESC, 1", most)
    joined = JOINED + TEXT if by == "office" else JOINED
    return [
        Count(*row)
        for row in connection.execute(
            f"SELECT {COLUMNS[by]}, count(*) AS number, sum(s.confidence) / 100.0{joined} WHERE {where}"
            f" GROUP BY 1 ORDER BY {order} LIMIT ?",
            (*values, -1 if most is None else most),
        )
    ]


def counts_within(  # noqa: PLR0913 - which statements, how laid out, what is counted in each
    connection: sqlite3.Connection, filters: Filters, by: Literal["outlet", "month"], sort: By, value: str, *,
    known: bool = False,
) -> list[tuple[Count, Count]]:  # fmt: skip
    """By outlet or month: all statements, and those whose sort has a value. Months in order, outlets by number.

    With `known`, of statements alone of which the sort is known.
    """
    where, values = _where(connection, filters)
    order = "1" if by == "month" else "number DESC, 1"
    joined = JOINED + TEXT if sort == "office" else JOINED
    where += f" AND {COLUMNS[sort]} <> ''" if known else ""
    rows = connection.execute(
        f"SELECT {COLUMNS[by]}, count(*) AS number, sum(s.confidence) / 100.0, sum({COLUMNS[sort]} = ?),"
        f" sum(s.confidence * ({COLUMNS[sort]} = ?)) / 100.0{joined} WHERE {where} GROUP BY 1 ORDER BY {order}",
        (value, value, *values),
    )
    return [(Count(name, all, right), Count(name, some, some_right)) for name, all, right, some, some_right in rows]


def stats(connection: sqlite3.Connection) -> Stats:
    """What the store holds, and how much of the file is text."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM reading),"
        " (SELECT count(*) FROM statement_search_docsize),"
        " (SELECT count(*) FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
        "  WHERE s.appearance IS NULL AND r.superseded_by IS NULL),"
        " (SELECT count(*) FROM speaker), (SELECT count(*) FROM outlet), (SELECT count(*) FROM refusal),"
        " (SELECT count(*) FROM tombstone),"
        " (SELECT min(published_utc) FROM reading WHERE superseded_by IS NULL),"
        " (SELECT max(published_utc) FROM reading WHERE superseded_by IS NULL),"
        " (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size),"
        " (SELECT ifnull(sum(length(CAST(text AS BLOB))), 0) FROM text)"
    ).fetchone()
    return Stats(**dict(zip(Stats.__struct_fields__, row, strict=True)))


def _where(connection: sqlite3.Connection, filters: Filters) -> tuple[str, tuple[object, ...]]:
    """The condition that filters make, and its values."""
    first, last = days_of(filters)
    parts, values = ["r.superseded_by IS NULL", "s.key BETWEEN ? AND ?"], [first, last]
    told: dict[str, object] = {
        "s.act": filters.act, "s.kind": filters.kind, "s.type": filters.type, "r.language": filters.language,
        "s.negated": None if filters.negated is None else int(filters.negated),
    }  # fmt: skip
    given = {column: value for column, value in told.items() if value is not None}
    parts += [f"{column} = ?" for column in given]
    whole: list[object] = [*values, *given.values()]
    if filters.outlet is not None:
        outlets = outlets_named(connection, filters.outlet)
        parts.append(f"r.outlet IN ({', '.join('?' * len(outlets))})")
        whole += outlets
    if filters.speaker is not None:
        keys = with_other_names(connection, speakers_named(connection, filters.speaker))
        parts.append(f"g.key IN ({', '.join('?' * len(keys))})")
        whole += keys
    return " AND ".join(parts), tuple(whole)
