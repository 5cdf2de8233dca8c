"""How the answers to a question fall into sorts: how many by each speaker, act, form, outlet, language and month.

Counted over the newest of the answers, as many as a page can wait for; `Facets.whole` says whether these are all.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from .dates import month_of_day
from .search import DAY, Filters, keys

Sort = Literal["speaker", "act", "type", "outlet", "language", "month"]
SORTS: tuple[Sort, ...] = ("speaker", "act", "type", "outlet", "language", "month")
MOST = 3_000  # answers that are counted; on one core of a machine of 2026 about 30 ms over a million statements
VALUES = 8  # shown of each sort
ROWS = (
    "SELECT s.key, s.act, s.type, r.language, r.outlet, p.speaker FROM statement AS s"
    " JOIN reading AS r ON r.key = s.key >> 14"
    " LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance WHERE s.key IN (%s)"
)
AT_ONCE = 500  # keys in one query


class Facet(msgspec.Struct, frozen=True):
    """One value and how many of the counted answers have it."""

    value: str
    statements: int


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """The sorts of the answers to a question."""

    counted: int
    whole: bool  # whether every answer was counted
    sorts: dict[Sort, tuple[Facet, ...]]  # the most frequent values first


def facets(connection: sqlite3.Connection, query: str | None, filters: Filters, *, most: int = MOST) -> Facets:
    """The sorts of the newest answers, copies each counted. Raises QueryError."""
    found = list(keys(connection, query, filters, limit=most + 1))
    counted = found[:most]
    numbers: dict[Sort, Counter[object]] = {sort: Counter() for sort in SORTS}
    for key, act, type, language, outlet, speaker in _rows(connection, counted):
        for sort, value in (
            ("act", act), ("type", type), ("language", language), ("outlet", outlet), ("speaker", speaker),
            ("month", month_of_day(key >> DAY)),
        ):  # fmt: skip
            if value is not None:
                numbers[sort][value] += 1  # type: ignore[index]
    named: dict[Sort, tuple[Facet, ...]] = {sort: _named(connection, sort, numbers[sort]) for sort in SORTS}
    return Facets(counted=len(counted), whole=len(found) <= most, sorts=named)


def _rows(
    connection: sqlite3.Connection, found: list[int]
) -> Iterator[tuple[int, str, str, str, int | None, int | None]]:
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        yield from connection.execute(ROWS % ", ".join("?" * len(some)), some)


def _named(connection: sqlite3.Connection, sort: Sort, numbers: Counter[object]) -> tuple[Facet, ...]:
    """The most frequent values by their names, the newest months first; the names of one person are added up."""
    if sort == "month":
        return tuple(Facet(str(value), numbers[value]) for value in sorted(numbers, key=str, reverse=True)[:VALUES])
    named: Counter[str] = Counter()
    for value, number in numbers.most_common(3 * VALUES):
        named[name_of(connection, sort, value)] += number
    ordered = sorted(named.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Facet(*one) for one in ordered[:VALUES])


def name_of(connection: sqlite3.Connection, sort: Sort, value: object) -> str:
    """A value as people know it; keys of outlets and speakers by their names."""
    if sort not in NAMES:
        return str(value)
    (name,) = connection.execute(NAMES[sort], (value,)).fetchone()
    return str(name)


NAMES: dict[Sort, str] = {
    "outlet": "SELECT name FROM outlet WHERE key = ?",
    "speaker": "SELECT ifnull(w.name, g.name) FROM speaker AS g LEFT JOIN person_name AS n ON n.speaker = g.key"
    " LEFT JOIN person AS w ON w.key = n.person WHERE g.key = ?",
}
