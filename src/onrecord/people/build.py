"""From files of people to one list that is looked up while reading: an SQLite file, written aside and renamed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import msgspec

from ..errors import FormatError
from ..types import digest
from .names import keys_of, words_of
from .sources import Bad, Person, people_in


class Imported(msgspec.Struct, frozen=True):
    """What came of an import."""

    people: int
    offices: int
    bad: list[Bad]


def build(sources: Sequence[Path], into: Path) -> Imported:
    """Makes the list `into` from files; entries with one id are one person.

    Raises FormatError where a file cannot be read at all or is of no known form; a bad line costs that line.
    """
    for source in sources:
        if not source.is_file():
            raise FormatError("no such file", which=source, remedy="check the path")
    aside = into.with_name(f"{into.name}.new")
    aside.unlink(missing_ok=True)
    bad: list[Bad] = []
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.executescript((files(__package__) / "schema.sql").read_text(encoding="utf-8"))
            for source in sources:
                _add_file(connection, source, bad)
            connection.commit()
            (people,) = connection.execute("SELECT count(*) FROM person").fetchone()
            (offices,) = connection.execute("SELECT count(*) FROM office").fetchone()
        os.replace(aside, into)
    except OSError as error:
        raise FormatError(f"cannot be read or written ({error})", which=error.filename or into) from error
    finally:
        aside.unlink(missing_ok=True)
    return Imported(people, offices, bad)


def _add_file(connection: sqlite3.Connection, source: Path, bad: list[Bad]) -> None:
    connection.execute("INSERT INTO made_from VALUES (?, ?)", (source.name, digest(source.read_bytes())))
    for found in people_in(source):
        if isinstance(found, Bad):
            bad.append(found)
        else:
            _add(connection, found)


def _add(connection: sqlite3.Connection, person: Person) -> None:
    connection.execute(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " country = coalesce(country, excluded.country), gender = coalesce(gender, excluded.gender)",
        (person.id, person.name, person.country, person.wikidata, person.gender),
    )
    connection.executemany("INSERT OR IGNORE INTO spelling VALUES (?, ?, ?)", _spellings(person))
    connection.executemany(
        "INSERT INTO office VALUES (?, ?, ?, ?)",
        [(person.id, office.title, office.since, office.until) for office in person.offices],
    )


def _spellings(person: Person) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((person.name, *person.aliases)):
        for key in keys_of(name):
            yield key, "name", person.id
        words = words_of(name)
        for key in keys_of(words[-1]) if words else ():
            yield key, "surname", person.id
