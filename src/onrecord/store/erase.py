"""Removing for good, as takedowns and data protection ask: the rows, the search index, what the file still holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from ..errors import StoreError
from ..types import Record
from .codec import pack, statements_of
from .database import now, transaction
from .judged import apply, withdraw
from .judgements import made_of
from .lookup import record_of
from .search import speakers_named
from .writer import folded_name, tombstone_digest, unindex, without_speakers


class Erased(msgspec.Struct, frozen=True):
    """How much went."""

    articles: int
    statements: int


def erase_article(connection: sqlite3.Connection, id: str, *, reason: str) -> Erased:
    """Removes an article with all its readings; it cannot be collected again under this id.

    Raises StoreError where there is no such article.
    """
    found = connection.execute("SELECT key FROM article WHERE id = ?", (id,)).fetchone()
    if found is None:
        raise StoreError("no such article", which=id, remedy="`onrecord search` shows the ids")
    with _ForGood(connection):
        withdraw(connection, found[0])
        keys = [key for (key,) in connection.execute("SELECT key FROM reading WHERE article = ?", found)]
        texts = {text for (text,) in connection.execute("SELECT text FROM reading WHERE article = ?", found)}
        # First of all: once a reading is gone, the one that it superseded seems to count
        for key in keys:
            if _counts(connection, key):
                unindex(connection, statements_of(key))
        statements = sum(_remove_reading(connection, key) for key in keys)
        connection.execute("DELETE FROM notice WHERE article = ?", found)
        connection.execute("DELETE FROM judgement WHERE article = ?", found)
        connection.execute("DELETE FROM article WHERE key = ?", found)
        connection.execute("DELETE FROM refusal WHERE id = ?", (id,))
        for text in texts:
            _remove_text(connection, text)
        _remove_unquoted(connection)
        _bury(connection, "article", id, reason, statements)
    return Erased(1, statements)


def erase_speaker(connection: sqlite3.Connection, name: str, *, reason: str) -> Erased:
    """Removes the statements of everybody of this name, in every reading, and keeps new ones out.

    The articles stay, for they are others' work: what was taken from them for this person goes. Raises StoreError where
    nobody of this name is quoted.
    """
    speakers = speakers_named(connection, name)
    if not speakers:
        raise StoreError("nobody of this name is quoted", which=name, remedy="`onrecord speakers` shows the names")
    marks = ", ".join("?" * len(speakers))
    quoting = (
        "SELECT DISTINCT r.article, r.key FROM reading AS r JOIN appearance AS p ON p.reading = r.key"
        f" WHERE p.speaker IN ({marks})"
    )
    statements = articles = 0
    with _ForGood(connection):
        quoted_in = {article for article, _ in connection.execute(quoting, speakers).fetchall()}
        names = connection.execute(f"SELECT folded FROM speaker WHERE key IN ({marks})", speakers).fetchall()
        folded = {name for (name,) in names}
        for article in quoted_in:
            withdraw(connection, article)
        for _, reading in connection.execute(quoting, speakers).fetchall():
            gone = _without(connection, reading, folded)
            statements += gone
            articles += bool(gone)
        _forget(connection, folded)
        for article in quoted_in:
            apply(connection, article)
        for one in sorted(folded):
            _bury(connection, "speaker", one, reason, statements)
        _remove_unquoted(connection)
    return Erased(articles, statements)


class _ForGood:
    """A transaction whose deleted pages are overwritten, after which the index and the log hold nothing of them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._transaction = transaction(connection)

    def __enter__(self) -> None:
        self._connection.execute("PRAGMA secure_delete = ON")
        self._transaction.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:  # deleted words stay in old segments of the index until they are merged
            for name in ("statement_search", "text_search"):
                self._connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
        self._transaction.__exit__(kind, error, trace)  # type: ignore[arg-type]
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.execute("PRAGMA secure_delete = OFF")


def _remove_reading(connection: sqlite3.Connection, reading: int) -> int:
    """Removes one reading, which is in no index any more; how many statements it had."""
    keys = statements_of(reading)
    number = connection.execute("DELETE FROM statement WHERE key BETWEEN ? AND ?", keys).rowcount
    connection.execute("DELETE FROM appearance WHERE reading = ?", (reading,))
    connection.execute("UPDATE reading SET superseded_by = NULL WHERE superseded_by = ?", (reading,))
    connection.execute("DELETE FROM reading WHERE key = ?", (reading,))
    return number


def _remove_text(connection: sqlite3.Connection, text: int) -> None:
    kept = "SELECT 1 FROM reading WHERE text = ?1 UNION ALL SELECT 1 FROM judgement WHERE text = ?1"
    if connection.execute(kept, (text,)).fetchone():
        return  # another article has the same text
    connection.execute(
        "INSERT INTO text_search (text_search, rowid, text) SELECT 'delete', key, text FROM text WHERE key = ?", (text,)
    )
    connection.execute("DELETE FROM text WHERE key = ?", (text,))


def _remove_unquoted(connection: sqlite3.Connection) -> None:
    """Removes speakers who are quoted no more: a name is a trace as well."""
    gone = connection.execute(
        "SELECT key FROM speaker AS g WHERE NOT EXISTS (SELECT 1 FROM appearance AS p WHERE p.speaker = g.key)"
    ).fetchall()
    connection.executemany("DELETE FROM spelling WHERE speaker = ?", gone)
    connection.executemany("DELETE FROM speaker WHERE key = ?", gone)


def _counts(connection: sqlite3.Connection, reading: int) -> bool:
    (superseded,) = connection.execute("SELECT superseded_by FROM reading WHERE key = ?", (reading,)).fetchone()
    return superseded is None


def _forget(connection: sqlite3.Connection, folded: set[str]) -> None:
    """Removes the judgements that name these people: what somebody wrote of them is a trace as well."""
    rows = connection.execute("SELECT key, speaker, made FROM judgement WHERE speaker <> ''").fetchall()
    for key, speaker, made in rows:
        names = {speaker, *(change.speaker for change in made_of(made) if change.speaker)}
        if any(folded_name(name, language) in folded for name in names for language in ("fr", "en")):
            connection.execute("DELETE FROM judgement WHERE key = ?", (key,))


def _without(connection: sqlite3.Connection, reading: int, folded: set[str]) -> int:
    """Writes a reading again without the statements of these people; how many went."""
    record = record_of(connection, reading)
    language = record.article.language
    gone = {speaker for speaker in record.speakers if folded_name(speaker.name, language) in folded}
    kept = without_speakers(record, gone)
    if _counts(connection, reading):
        unindex(connection, statements_of(reading))
    _rewrite(connection, reading, kept)
    return len(record.statements) - len(kept.statements)


def _rewrite(connection: sqlite3.Connection, reading: int, record: Record) -> None:
    from .writer import Writer, add_rows, index_rows

    keys = statements_of(reading)
    connection.execute("DELETE FROM statement WHERE key BETWEEN ? AND ?", keys)
    connection.execute("DELETE FROM appearance WHERE reading = ?", (reading,))
    rows = pack(record)
    connection.execute("UPDATE reading SET details = ? WHERE key = ?", (rows.details, reading))
    searchable = add_rows(Writer(connection), record, rows, reading)
    if _counts(connection, reading):
        index_rows(connection, searchable)


def _bury(connection: sqlite3.Connection, what: str, value: str, reason: str, statements: int) -> None:
    values: Sequence[object] = (what, tombstone_digest(value), now(), reason, statements)
    connection.execute(
        "INSERT OR REPLACE INTO tombstone (what, digest, erased_at, reason, statements) VALUES (?, ?, ?, ?, ?)", values
    )
