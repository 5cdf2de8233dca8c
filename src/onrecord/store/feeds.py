"""Feeds as they were when they were last read to the end, so that a server is asked only for what has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from .database import now, transaction

Told = tuple[str | None, str | None]  # ETag and Last-Modified, in the server's words


def known_feeds(connection: sqlite3.Connection, reader: str) -> dict[str, Told]:
    """What servers told of their feeds, by address; of those that this reader has read."""
    rows = connection.execute("SELECT url, etag, modified FROM feed WHERE reader = ?", (reader,))
    return {url: (etag, modified) for url, etag, modified in rows}


def keep_feeds(connection: sqlite3.Connection, read: Mapping[str, Told], reader: str) -> None:
    """Keeps what servers tell of feeds, in the place of what they told before."""
    if not read:
        return
    with transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO feed (url, etag, modified, reader, read_at) VALUES (?, ?, ?, ?, ?)",
            [(url, etag, modified, reader, now()) for url, (etag, modified) in read.items()],
        )
