"""Who is quoted, how often and how; and what a store holds.

What is asked of the whole store is answered from the counts that are kept (tallied.py), everything else by counting.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from . import tallied
from .dates import month_of_day
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
NAMED = (
    " LEFT JOIN outlet AS o ON o.key = r.outlet LEFT JOIN speaker AS g ON g.key = p.speaker"
    " LEFT JOIN person_name AS n ON n.speaker = g.key LEFT JOIN person AS w ON w.key = n.person"
)
JOINED = (
    " FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
    f" LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance{NAMED}"
)
# The same for some speakers alone, from their appearances on: a whole store need not be gone through
JOINED_FROM_SPEAKER = (
    " FROM appearance AS p CROSS JOIN reading AS r ON r.key = p.reading CROSS JOIN statement AS s"
    f" ON s.key BETWEEN r.key << 14 AND (r.key << 14) + 16383 AND s.appearance = p.number{NAMED}"
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


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """How much a store holds."""

    articles: int
    statements: int  # of readings that count
    first: str | None  # dates of publication, UTC
    latest: str | None


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
    if filters == Filters(speaker=filters.speaker):
        rows: Iterable[Sequence[Any]] = tallied.speakers(
            connection, who=_who(connection, filters.speaker), everybody=everybody, limit=limit
        )
    else:
        rows = _speaker_rows(connection, filters, everybody=everybody, limit=limit)
    for row in rows:
        yield Quoted(**dict(zip(Quoted.__struct_fields__, row, strict=True)))


def _who(connection: sqlite3.Connection, name: str | None) -> list[int] | None:
    """Whom a name counts for; None where none is asked for."""
    if name is None:
        return None
    return tallied.whose(connection, with_other_names(connection, speakers_named(connection, name)))


def _speaker_rows(
    connection: sqlite3.Connection, filters: Filters, *, everybody: bool, limit: int | None
) -> sqlite3.Cursor:
    where, values = _where(connection, filters)
    if not everybody:
        where += " AND g.type IN ('person', 'organisation', 'country', 'document')"
    return connection.execute(
        "SELECT ifnull(max(w.name), min(ifnull(p.name, g.name))), g.type,"
        " CASE WHEN min(p.gender) = max(p.gender) THEN min(p.gender) END, count(*) AS number,"
        " count(DISTINCT r.article), sum(s.type = 'direct'), sum(s.type = 'indirect'), sum(s.type = 'mixed'),"
        f" sum(s.act = 'deny'), min(r.published_utc), max(r.published_utc){_joined(filters)} WHERE {where}"
        " AND g.key IS NOT NULL GROUP BY ifnull(-n.person, g.key) ORDER BY number DESC, 1, 2 LIMIT ?",
        (*values, -1 if limit is None else limit),
    )


def counts(connection: sqlite3.Connection, filters: Filters, by: By, *, most: int | None = None) -> list[Count]:
    """Statements by outlet, month, language, act, type; gender, name or office of the speaker.

    Months in order, all of them; of the others the most frequent values first, as many as asked for.
    """
    if filters == Filters():
        return [Count(*row) for row in tallied.counts(connection, by, most=most)]
    where, values = _where(connection, filters)
    order, most = ("1", None) if by == "month" else ("number DESC, 1", most)
    joined = _joined(filters) + (TEXT if by == "office" else "")
    return [
        Count(*row)
        for row in connection.execute(
            f"SELECT {COLUMNS[by]}, count(*) AS number, sum(s.confidence) / 100.0{joined} WHERE {where}"
            f" GROUP BY 1 ORDER BY {order} LIMIT ?",
            (*values, -1 if most is None else most),
        )
    ]


def all_counts(connection: sqlite3.Connection, filters: Filters, *, most: int) -> dict[By, list[Count]]:
    """The counts of every sort, as `counts` gives each, in one pass: sorting is what costs time, and this does none."""
    if filters == Filters():
        return {by: counts(connection, filters, by, most=most) for by in COLUMNS}
    where, values = _where(connection, filters)
    found: dict[By, dict[object, list[float]]] = {by: {} for by in COLUMNS}
    four: dict[object, list[float]] = {}
    days: dict[object, list[float]] = {}
    tables = (four, found["speaker"], found["outlet"], days)
    for act, type, language, gender, *others, confidence in connection.execute(
        "SELECT s.act, s.type, r.language, ifnull(p.gender, ''), p.speaker, r.outlet, s.key >> 38, s.confidence"
        f"{_joined(filters)} WHERE {where}",
        values,
    ):
        for table, value in zip(tables, ((act, type, language, gender), *others), strict=True):
            _add(table, value, (1, confidence / 100))
    for told, numbers in four.items():
        for by, value in zip(("act", "type", "language", "gender"), told, strict=True):  # type: ignore[call-overload]
            _add(found[by], value, numbers)
    for day, numbers in days.items():
        _add(found["month"], month_of_day(int(day)) or "", numbers)  # type: ignore[call-overload]
    names = {**dict(connection.execute("SELECT key, name FROM outlet")), None: ""}
    found["outlet"] = _renamed(found["outlet"], names)
    found["speaker"] = _renamed(found["speaker"], _speakers(connection, found["speaker"]))
    found["office"] = _offices(connection, filters)
    known = [sum(numbers[n] for numbers in found["office"].values()) for n in (0, 1)]
    every = [sum(numbers[n] for numbers in four.values()) for n in (0, 1)]
    if every[0] > known[0]:
        found["office"][""] = [every[0] - known[0], every[1] - known[1]]
    counted = {by: [Count(str(v), int(n), right) for v, (n, right) in some.items()] for by, some in found.items()}
    most_frequent = {
        by: sorted(some, key=lambda one: (-one.statements, one.value))[:most] for by, some in counted.items()
    }
    return most_frequent | {"month": sorted(counted["month"], key=lambda one: one.value)}


def _add(table: dict[object, list[float]], value: object, numbers: Sequence[float]) -> None:
    one = table.get(value)
    if one is None:
        table[value] = [*numbers]
    else:
        one[0] += numbers[0]
        one[1] += numbers[1]


def _renamed(table: dict[object, list[float]], names: Mapping[object, str]) -> dict[object, list[float]]:
    """By names instead of keys; what has one name is added up."""
    found: dict[object, list[float]] = {}
    for key, numbers in table.items():
        _add(found, names[key], numbers)
    return found


def _speakers(connection: sqlite3.Connection, found: Mapping[object, object]) -> dict[object, str]:
    rows = connection.execute(
        "SELECT g.key, ifnull(w.name, g.name) FROM speaker AS g LEFT JOIN person_name AS n ON n.speaker = g.key"
        " LEFT JOIN person AS w ON w.key = n.person"
    )
    return {key: name for key, name in rows if key in found} | {None: ""}


def _offices(connection: sqlite3.Connection, filters: Filters) -> dict[object, list[float]]:
    """By office, those without one left out."""
    where, values = _where(connection, filters)
    found: dict[object, list[float]] = {}
    for office, confidence in connection.execute(
        f"SELECT {COLUMNS['office']}, s.confidence{_joined(filters)}{TEXT} WHERE {where} AND p.office IS NOT NULL",
        values,
    ):
        _add(found, office, (1, confidence / 100))
    return found


def counts_within(  # noqa: PLR0913 - which statements, how laid out, what is counted in each
    connection: sqlite3.Connection, filters: Filters, by: Literal["outlet", "month"], sort: By, value: str, *,
    known: bool = False,
) -> list[tuple[Count, Count]]:  # fmt: skip
    """By outlet or month: all statements, and those whose sort has a value. Months in order, outlets by number.

    With `known`, of statements alone of which the sort is known.
    """
    if filters == Filters() and tallied.answers_within(sort, value, known=known):
        rows: Iterable[Sequence[Any]] = tallied.counts_within(connection, by, sort, value, known=known)
    else:
        rows = _rows_within(connection, filters, by, sort, value, known=known)
    return [(Count(name, all, right), Count(name, some, some_right)) for name, all, right, some, some_right in rows]


def _rows_within(  # noqa: PLR0913 - as `counts_within`
    connection: sqlite3.Connection, filters: Filters, by: By, sort: By, value: str, *, known: bool
) -> sqlite3.Cursor:
    where, values = _where(connection, filters)
    order = "1" if by == "month" else "number DESC, 1"
    joined = _joined(filters) + (TEXT if sort == "office" else "")
    where += f" AND {COLUMNS[sort]} <> ''" if known else ""
    return connection.execute(
        f"SELECT {COLUMNS[by]}, count(*) AS number, sum(s.confidence) / 100.0, sum({COLUMNS[sort]} = ?),"
        f" sum(s.confidence * ({COLUMNS[sort]} = ?)) / 100.0{joined} WHERE {where} GROUP BY 1 ORDER BY {order}",
        (value, value, *values),
    )


def held(connection: sqlite3.Connection) -> Held:
    """How much the store holds, and of which days."""
    (articles,) = connection.execute("SELECT count(*) FROM article").fetchone()
    statements = sum(one.statements for one in counts(connection, Filters(), "type"))
    first, latest = (tallied.published(connection, end) for end in ("min", "max"))
    return Held(articles=articles, statements=statements, first=first, latest=latest)


def stats(connection: sqlite3.Connection) -> Stats:
    """What the store holds, and how much of the file is text: all texts are gone through."""
    found = held(connection)
    unknown = sum(one.statements for one in counts(connection, Filters(), "speaker") if not one.value)
    names = ("readings", "speakers", "outlets", "refusals", "erased", "bytes", "text_bytes")
    row = connection.execute(
        "SELECT (SELECT count(*) FROM reading), (SELECT count(*) FROM speaker), (SELECT count(*) FROM outlet),"
        " (SELECT count(*) FROM refusal), (SELECT count(*) FROM tombstone),"
        " (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size),"
        " (SELECT ifnull(sum(length(CAST(text AS BLOB))), 0) FROM text)"
    ).fetchone()
    return Stats(**msgspec.structs.asdict(found), unknown=unknown, **dict(zip(names, row, strict=True)))


def _joined(filters: Filters) -> str:
    return JOINED if filters.speaker is None else JOINED_FROM_SPEAKER


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
        parts.append(f"p.speaker IN ({', '.join('?' * len(keys))})")
        whole += keys
    return " AND ".join(parts), tuple(whole)
