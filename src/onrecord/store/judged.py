"""The reading that the judgements of an article make, put in the place of what was judged and taken away again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from ..types import Record, digest
from . import tally
from .codec import ARTICLE_BITS, DAY_BITS, numbers, pack, statements_of
from .database import now, transaction
from .judgements import MADE, Entry, listed, standing
from .lookup import readings, record_of
from .replay import play
from .writer import Writer, add_rows, index_rows, unindex, without_erased

SINCE = 5  # version of the schema that has judged readings
DAY = (1 << DAY_BITS) - 1


def apply(connection: sqlite3.Connection, article: int) -> None:
    """Makes the judged reading of an article anew; none where no judgement stands. Within a transaction."""
    withdraw(connection, article)
    judgements = standing(connection, article)
    (read,) = connection.execute(
        "SELECT key FROM reading WHERE article = ? AND superseded_by IS NULL", (article,)
    ).fetchone()
    if not judgements:
        return
    record, played = play(record_of(connection, read), judgements)
    record = without_erased(connection, record)
    kept = {statement.id for statement in record.statements}
    played = tuple(one for one in played if one.statement.id in kept)
    unindex(connection, statements_of(read))
    made = _written(connection, record, read)
    connection.executemany(
        "INSERT INTO judged (statement, judgement, origin) VALUES (?, ?, ?)",
        [(_key(made, n), one.judgement, one.origin) for n, one in enumerate(played)],
    )
    _move_copies(connection, read, made, [(one.origin, n) for n, one in enumerate(played) if one.origin is not None])


def _key(reading: int, position: int) -> int:
    return (reading << ARTICLE_BITS) + position


def _written(connection: sqlite3.Connection, record: Record, read: int) -> int:
    """Writes the judged reading, which counts from now on; its key."""
    writer, rows = Writer(connection), pack(record)
    first = read & ~DAY
    (last,) = connection.execute(
        "SELECT max(key) FROM reading WHERE key BETWEEN ? AND ?", (first, first + DAY)
    ).fetchone()
    made = int(last) + 1
    connection.execute(
        "INSERT INTO reading (key, article, text, made_by, read_at, title, url, outlet, author, published, language,"
        " published_utc, origin, details, judges) SELECT ?, article, text, ?, ?, title, url, outlet, author, published,"
        " language, published_utc, origin, ?, key FROM reading WHERE key = ?",
        (made, writer.made_by(record.made_by), now(), rows.details, read),
    )
    connection.execute("UPDATE reading SET superseded_by = ? WHERE key = ?", (made, read))
    searchable = add_rows(writer, record, rows, made)
    index_rows(connection, searchable)
    return made


def withdraw(connection: sqlite3.Connection, article: int) -> None:
    """Takes the judged reading of an article away, so that what was judged counts again. Within a transaction."""
    row = connection.execute(
        "SELECT key, judges FROM reading WHERE article = ? AND judges IS NOT NULL", (article,)
    ).fetchone()
    if row is None:
        return
    made, read = row
    keys = statements_of(made)
    origins = connection.execute(
        "SELECT origin, statement FROM judged WHERE statement BETWEEN ? AND ? AND origin IS NOT NULL", keys
    ).fetchall()
    _move_copies(connection, made, read, [(key & (1 << ARTICLE_BITS) - 1, origin) for origin, key in origins])
    unindex(connection, keys)
    connection.execute("DELETE FROM statement WHERE key BETWEEN ? AND ?", keys)
    connection.execute("DELETE FROM appearance WHERE reading = ?", (made,))
    connection.execute("UPDATE reading SET superseded_by = NULL WHERE key = ?", (read,))
    connection.execute("DELETE FROM reading WHERE key = ?", (made,))
    connection.execute(
        "INSERT INTO statement_search (rowid, words, facets) SELECT key, words, facets FROM statement_words"
        " WHERE key BETWEEN ? AND ?",
        statements_of(read),
    )
    tally.add(connection, [read])


def _move_copies(connection: sqlite3.Connection, old: int, new: int, places: list[tuple[int, int]]) -> None:
    """What is known of copies, from the statements of one reading to those of another."""
    for before, after in places:
        pair = (_key(new, after), _key(old, before))
        connection.execute("UPDATE copy SET statement = ? WHERE statement = ?", pair)
        connection.execute("UPDATE copy SET original = ? WHERE original = ?", pair)
    connection.execute("UPDATE article_copy SET reading = ? WHERE reading = ?", (new, old))
    connection.execute("UPDATE article_copy SET original = ? WHERE original = ?", (new, old))


def catch_up(connection: sqlite3.Connection) -> None:
    """Makes the judged readings that are missing: those of judgements that were kept by an earlier version."""
    missing = (
        "SELECT DISTINCT article FROM judgement WHERE undone_at IS NULL"
        " AND article NOT IN (SELECT article FROM reading WHERE judges IS NOT NULL)"
    )
    if (
        connection.execute("PRAGMA user_version").fetchone()[0] < SINCE
        or connection.execute(missing).fetchone() is None
    ):
        return
    with transaction(connection):
        for (article,) in connection.execute(missing).fetchall():
            apply(connection, article)


def complete(connection: sqlite3.Connection) -> Iterator[Record]:
    """Records of articles in which people have decided of every statement of kind speech, oldest publication first."""
    rows = connection.execute(
        "SELECT r.key FROM reading AS r WHERE r.judges IS NOT NULL AND r.superseded_by IS NULL AND NOT EXISTS ("
        " SELECT 1 FROM statement AS s JOIN judged AS d ON d.statement = s.key"
        " WHERE s.key BETWEEN r.key << 14 AND (r.key << 14) + 16383 AND s.kind = 'speech' AND d.judgement IS NULL)"
        " ORDER BY r.key"
    )
    return (record_of(connection, key) for (key,) in rows.fetchall())


# --- exchanged --------------------------------------------------------------------------------------------------------


def exported(connection: sqlite3.Connection, *, superseded: bool = False) -> Iterator[tuple[Record, tuple[Entry, ...]]]:
    """What readers found, article by article, and beside the last one of each article all judgements of it."""
    for reading in readings(connection, superseded=superseded):
        (judges, superseded_by) = connection.execute(
            "SELECT judges, superseded_by FROM reading WHERE key = ?", (reading.key,)
        ).fetchone()
        if superseded_by is not None:
            (judged,) = connection.execute("SELECT count(*) FROM reading WHERE judges = ?", (reading.key,)).fetchone()
            if not judged:
                yield reading.record, ()
            continue
        record = reading.record if judges is None else record_of(connection, judges)
        yield (
            record,
            tuple(_plain(connection, record, one) for one in listed(connection, article=record.article.id))[::-1],
        )


def _plain(connection: sqlite3.Connection, record: Record, entry: Entry) -> Entry:
    text = None
    if entry.sha256 != record.article.sha256:
        (text,) = connection.execute(
            "SELECT text FROM text WHERE sha256 = ?", (bytes.fromhex(entry.sha256),)
        ).fetchone()
    return msgspec.structs.replace(entry, key=None, article=None, words=None, text=text)


def take(connection: sqlite3.Connection, article: str, entries: tuple[Entry, ...]) -> int:
    """Keeps judgements of an article that come from elsewhere; how many were new or are undone since.

    One that is there is not taken twice; one that was undone there is undone here. The article must be there.
    """
    with transaction(connection):
        found = connection.execute("SELECT key FROM article WHERE id = ?", (article,)).fetchone()
        if found is None:  # erased for good
            return 0
        taken = sum(_take(connection, found[0], one) for one in entries)
        if taken:
            apply(connection, found[0])
        return taken


def is_fit(record: Record, entry: Entry) -> bool:
    """Whether a judgement that comes with a record stands in the text that it is of, and makes what it says."""
    text = record.article.text if entry.sha256 == record.article.sha256 else entry.text
    if text is None or digest(text) != entry.sha256 or len(entry.made) != MADE.get(entry.verdict, 0):
        return False
    told = [spans for one in entry.targets for spans in (one.content, one.cue)]
    told += [spans or () for one in entry.made for spans in (one.content, one.cue, one.source)]
    whole = all(0 <= span.start < span.end <= len(text) for spans in told for span in spans)
    return whole and bool(entry.targets) and all(one.content for one in entry.targets)


def _take(connection: sqlite3.Connection, article: int, entry: Entry) -> int:
    known = connection.execute("SELECT key FROM judgement WHERE uid = ?", (entry.uid,)).fetchone()
    if known is not None:
        return connection.execute(
            "UPDATE judgement SET undone_at = ? WHERE key = ? AND undone_at IS NULL AND ? IS NOT NULL",
            (entry.undone_at, known[0], entry.undone_at),
        ).rowcount
    text = _text(connection, entry)
    if text is None:
        return 0
    first, *others = entry.targets
    speaker = next((change.speaker for change in entry.made if change.speaker is not None), None)
    connection.execute(
        "INSERT INTO judgement (uid, article, text, content, cue, others, verdict, speaker, made, who, why, judged_at,"
        " undone_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.uid, article, text, numbers(first.content), numbers(first.cue),
            msgspec.json.encode(others).decode() if others else None, entry.verdict, speaker,
            msgspec.json.encode(entry.made).decode() if entry.made else None, entry.who, entry.why, entry.judged_at,
            entry.undone_at,
        ),
    )  # fmt: skip
    return 1


def _text(connection: sqlite3.Connection, entry: Entry) -> int | None:
    """Key of the text that was looked at; None where it is neither here nor given."""
    sha256 = bytes.fromhex(entry.sha256)
    found = connection.execute("SELECT key FROM text WHERE sha256 = ?", (sha256,)).fetchone()
    if found is not None:
        return int(found[0])
    if entry.text is None:
        return None
    key = connection.execute("INSERT INTO text (sha256, text) VALUES (?, ?)", (sha256, entry.text)).lastrowid
    connection.execute("INSERT INTO text_search (rowid, text) VALUES (?, ?)", (key, entry.text))
    return key
