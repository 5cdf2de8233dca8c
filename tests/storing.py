"""Records made by hand, for tests of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from onrecord.store.database import COUNTED
from onrecord.types import (
    Article,
    MadeBy,
    Reason,
    Record,
    Span,
    Speaker,
    Statement,
    Unknown,
    digest,
    quoted,
    statement_id,
)

MADE_BY = MadeBy(onrecord="0", reader="hand", pack="none", weights=None, settings="none")


def span(text: str, words: str) -> Span:
    """Where some words stand first."""
    at = text.index(words)
    return Span(at, at + len(words))


def speaker(text: str, name: str, **more: Any) -> Speaker:
    """A person who is named in the text."""
    at = span(text, name)
    fields: dict[str, Any] = {"name": name, "type": "person", "named_at": at, "mentions": (at,)}
    return Speaker(**(fields | more))


def statement(text: str, words: str, who: Speaker | Unknown, **more: Any) -> Statement:
    """A statement of these words."""
    fields: dict[str, Any] = {
        "id": "", "content": (span(text, words),), "cue": (), "source": (), "speaker": who, "type": "indirect",
        "kind": "speech", "act": "assert", "negated": False, "parent": None, "addressee": (), "occasion": (),
        "when": (), "confidence": 0.87, "reasons": (Reason("hand", words[:5], Span(0, 1)),),
    }  # fmt: skip
    one = Statement(**(fields | more))
    return msgspec.structs.replace(one, id=statement_id(digest(text), one)) if not one.id else one


def record(id: str, text: str, statements: Sequence[Statement], *, made_by: MadeBy = MADE_BY, **more: Any) -> Record:
    """A record of an article."""
    fields: dict[str, Any] = {"id": id, "text": text, "language": "fr", "sha256": digest(text)}
    article = Article(**(fields | more))
    return Record(article=article, statements=tuple(statements), speakers=quoted(statements), made_by=made_by)


def said(id: str, name: str, words: str, **more: Any) -> Record:
    """An article in which somebody says something; `more` of the statement under "of", the rest of the article."""
    text = f"{name} a déclaré {words}, hier soir à {id}."
    return record(id, text, [statement(text, words, speaker(text, name), **more.pop("of", {}))], **more)


def copy_into(connection: sqlite3.Connection, path: Path) -> None:
    """Puts the rows of a store into one of an earlier version, as its own code would have."""
    connection.execute("ATTACH ? AS old", (str(path),))
    tables = ["made_by", "article", "text", "outlet", "reading", "speaker", "spelling", "appearance", "statement"]
    if connection.execute("PRAGMA old.user_version").fetchone()[0] >= COUNTED:
        tables += ["tally", "quoted", "quoted_as"]
    for table in tables:
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA old.table_info({table})"))
        connection.execute(f"INSERT INTO old.{table} ({columns}) SELECT {columns} FROM main.{table}")
    connection.execute("INSERT INTO old.text_search (text_search) VALUES ('rebuild')")
    connection.execute(
        "INSERT INTO old.statement_search (rowid, words, facets) SELECT key, words, facets FROM main.statement_words"
    )
    connection.execute("DETACH old")
