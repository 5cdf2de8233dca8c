"""The file under a store: opened, made where it is missing, brought to the newest version of its schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from pathlib import Path

from ..errors import StoreError
from . import tally

APPLICATION = 0x6F6E7264  # "onrd": tells a store from other SQLite files
BUSY_MS = 30_000  # how long one process waits for another that writes
PAGE_BYTES = 16 << 10  # several articles fit on one; with the usual 4 KiB the texts take a third more room
COUNTED = 6  # version that counts what is there
CACHE_KIB = 64 << 10  # of pages, a connection


def connect(path: Path, *, create: bool = False, readonly: bool = False) -> sqlite3.Connection:
    """A connection to a store of the newest version; transactions begin and end by hand (see `transaction`).

    Raises StoreError where there is no store and none is to be made, where the file is something else, or is of a
    later version than this code knows.
    """
    if not path.is_file() and not create:
        raise StoreError("no such store", which=path, remedy="make one with `onrecord collect INPUT --into FILE.db`")
    mode = "ro" if readonly else "rwc" if create else "rw"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000,
        )  # fmt: skip
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"it cannot be opened ({error})", which=path, remedy="check the path and its rights"
        ) from error
    try:
        _prepare(connection, path, readonly=readonly)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"no store ({error})", which=path, remedy="give the file that collect made") from error
    if tables and application != APPLICATION:
        raise StoreError("an SQLite file, but no store", which=path, remedy="give the file that collect made")
    newest = max(migrations())
    if version > newest:
        raise StoreError(f"of version {version}, and {newest} is known here", which=path, remedy="update onrecord")
    if not tables:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    if version == newest:
        return
    if readonly:
        raise StoreError(f"of version {version}; {newest} is read here", which=path, remedy="open it once to write")
    # Readers go on while one process writes; a loss of power may cost the last transactions, and halves none
    connection.execute("PRAGMA journal_mode = WAL")
    _migrate(connection, since=version)


def _migrate(connection: sqlite3.Connection, *, since: int) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    for version, script in sorted(migrations().items()):
        if version > since:
            with transaction(connection):
                if connection.execute("PRAGMA user_version").fetchone()[0] >= version:
                    continue  # another process was faster
                for statement in _statements(script):
                    connection.execute(statement)
                if version == COUNTED:
                    tally.rebuild(connection)
                connection.execute(
                    "INSERT INTO migration (version, applied_at, by) VALUES (?, ?, ?)",
                    (version, now(), installed("onrecord")),
                )
                connection.execute(f"PRAGMA user_version = {version}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit before it begins."""
    waiting = ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""


@cache
def migrations() -> dict[int, str]:
    """The SQL that brings a store from each version to the next, by the version it leads to."""
    folder = files(__package__) / "migrations"
    return {
        int(entry.name.partition(".")[0]): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    }


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; one process writes at a time."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
