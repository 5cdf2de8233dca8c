"""Counts that are kept beside the statements, so that no page has to go through all of them.

A statement is counted when it enters the search index and taken off when it leaves it; so the counts are of the
statements that count, as judged, whatever came in which order. `tallied.py` answers from them, `verify` proves them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from .codec import ARTICLE_BITS, statements_of

Table = dict[tuple[Any, ...], list[int]]
KEYS = {"tally": ("place", "name", "sort", "value"), "quoted": ("who",), "quoted_as": ("who", "name", "gender")}
NUMBERS = {
    "tally": ("statements", "confidence"),
    "quoted": ("statements", "articles"),
    "quoted_as": ("statements", "direct", "mixed", "denials"),
}
EVERY = (0, 1 << 62)  # the first and the last key that a statement can have


def add(connection: sqlite3.Connection, readings: Iterable[int]) -> None:
    """Counts the statements of readings that have begun to count."""
    rows = (row for key in sorted(readings) for row in _rows(connection, *statements_of(key)))
    _change(connection, counted(rows), 1)


def take_off(connection: sqlite3.Connection, keys: tuple[int, int]) -> None:
    """Counts statements, first and last key, no more; they must still stand in their table, and count."""
    found = counted(_rows(connection, *keys))
    _change(connection, found, -1)
    for name, table in found.items():
        where = " AND ".join(f"{column} = ?" for column in KEYS[name])
        connection.executemany(f"DELETE FROM {name} WHERE {where} AND statements = 0", table)


def rebuild(connection: sqlite3.Connection) -> None:
    """Counts everything anew: some ten seconds for a million statements. Within a transaction."""
    for name in KEYS:
        connection.execute(f"DELETE FROM {name}")
    _change(connection, counted(_rows(connection, *EVERY)), 1)


def wrong(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Tables whose counts are not those of the statements, and how many of their rows are wrong."""
    for name, table in counted(_rows(connection, *EVERY)).items():
        columns = (*KEYS[name], *NUMBERS[name])
        kept = set(connection.execute(f"SELECT {', '.join(columns)} FROM {name}"))
        number = len(kept ^ {(*key, *numbers) for key, numbers in table.items()})
        if number:
            yield name, number


def counted(rows: Iterable[tuple[Any, ...]]) -> dict[str, Table]:
    """What statements add to each table; those of one reading one after the other."""
    tally: Table = {}
    quoted: Table = {}
    quoted_as: Table = {}
    places: Table = {}
    seen: tuple[int, set[int]] = (-1, set())
    for statement, month, outlet, *told, speaker, office, who, name, confidence in rows:
        reading = statement >> ARTICLE_BITS
        facts = (*told, who is None)
        for key in (("month", month, facts), ("outlet", outlet, facts)):
            _add(places, key, (1, confidence))
        _add(tally, ("", "", "speaker", speaker), (1, confidence))
        _add(tally, ("", "", "office", office), (1, confidence))
        if who is None:
            continue
        if seen[0] != reading:
            seen = (reading, set())
        _add(quoted, (who,), (1, int(who not in seen[1])))
        seen[1].add(who)
        _, act, type, gender = told
        _add(quoted_as, (who, name, gender), (1, int(type == "direct"), int(type == "mixed"), int(act == "deny")))
    _spread(places, tally)
    return {"tally": tally, "quoted": quoted, "quoted_as": quoted_as}


def _spread(places: Table, tally: Table) -> None:
    """Adds up what is known together, each sort by itself."""
    for (place, name, (*told, is_unknown)), numbers in places.items():
        for sort, value in zip(("language", "act", "type", "gender"), told, strict=True):
            _add(tally, (place, name, sort, value), numbers)
        if is_unknown:
            _add(tally, (place, name, "speaker", ""), numbers)


def _add(table: Table, key: tuple[Any, ...], numbers: Iterable[int]) -> None:
    found = table.get(key)
    if found is None:
        table[key] = [*numbers]
        return
    for place, number in enumerate(numbers):
        found[place] += number


def _change(connection: sqlite3.Connection, found: dict[str, Table], sign: int) -> None:
    """Adds to what is kept, or takes from it."""
    for name, table in found.items():
        keys, numbers = KEYS[name], NUMBERS[name]
        added = ", ".join(f"{column} = {column} + excluded.{column}" for column in numbers)
        connection.executemany(
            f"INSERT INTO {name} ({', '.join((*keys, *numbers))}) VALUES ({', '.join('?' * len((*keys, *numbers)))})"
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
            ((*key, *(sign * number for number in own)) for key, own in table.items()),
        )


def _rows(connection: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM counted WHERE key BETWEEN ? AND ? ORDER BY key", (first, last))
