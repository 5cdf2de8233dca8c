"""Proof: whatever is damaged in a store is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.store import Store
from tests.storing import said

Damage = Callable[[sqlite3.Connection], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([said(f"a{n}", "Ana Roy", f"non {n}", published=f"2026-11-{n + 10}") for n in range(9)])
        store.write([said("a1", "Ana Roy", "non, toujours non")])
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return tmp_path / "s.db"


def test_a_whole_store_has_no_problem(path: Path) -> None:
    with Store(path) as store:
        found = store.verify()
    assert (found.articles, found.statements, found.problems) == (10, 10, ())


FIRST = "WHERE key IN (SELECT min(key) FROM statement)"
DAMAGES: dict[str, tuple[str, str]] = {
    "text": ("UPDATE text SET text = text || '.' WHERE key = 3", "the hash differs"),
    "hash": ("UPDATE text SET sha256 = zeroblob(32) WHERE key = 3", "the hash differs"),
    "span moved": (f"UPDATE statement SET content = '1,5' {FIRST}", "its id is not"),
    "cue outside": ("UPDATE statement SET cue = '5,4000'", "lies outside"),
    "span turned": ("UPDATE statement SET source = '9,4'", "lies outside"),
    "half a span": ("UPDATE statement SET source = '9'", "no pair"),
    "no number": ("UPDATE statement SET source = 'x,y'", "no pair"),
    "id": (f"UPDATE statement SET id = id + 1 {FIRST}", "its id is not"),
    "statement gone": (f"DELETE FROM statement {FIRST}", "reasons for 1"),
    "speaker gone": ("DELETE FROM appearance WHERE reading IN (SELECT min(key) FROM reading)", "its speaker is not"),
    "neither speaker nor reason": ("UPDATE statement SET appearance = NULL", "neither speaker nor reason"),
    "parent": ("UPDATE statement SET parent = 7", "the statement it stands in"),
    "own parent": ("UPDATE statement SET parent = 0", "the statement it stands in"),
    "reasons": ("UPDATE reading SET details = x'00'", "reasons cannot be read"),
    "two that count": ("UPDATE reading SET superseded_by = NULL", "2 readings of it count"),
    "none that counts": ("UPDATE reading SET superseded_by = key WHERE article = 3", "no reading of it counts"),
    "out of the index": (
        "INSERT INTO statement_search (statement_search, rowid, words, facets) SELECT 'delete', key, words, facets"
        " FROM statement_words WHERE key IN (SELECT max(key) FROM statement_words)",
        "are not in the index",
    ),
    "index of the dead": (
        "INSERT INTO statement_search (rowid, words, facets) VALUES (5, 'non', 's0')", "in the index do not count"
    ),
    "damaged index": ("UPDATE statement_search_data SET block = zeroblob(40) WHERE id > 10", "index is damaged"),
    "text out of the index": (
        "INSERT INTO text_search (text_search, rowid, text) SELECT 'delete', key, text FROM text WHERE key = 2",
        "index is damaged",
    ),
    "made by nobody": ("DELETE FROM made_by", "refers to one that is not"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named(path: Path, name: str) -> None:
    sql, why = DAMAGES[name]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)
    connection.close()
    with Store(path) as store:
        problems = store.verify().problems
    assert any(why in problem.why for problem in problems), problems


def test_a_byte_that_flips_in_the_file_is_named(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    at = raw.rindex("Ana Roy a déclaré non 4".encode())
    raw[at] ^= 0x20
    path.write_bytes(bytes(raw))
    with Store(path) as store:
        assert store.verify().problems


def test_a_file_that_was_cut_off_is_named_or_refused(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    from onrecord.errors import StoreError

    try:
        with Store(path) as store:
            problems = store.verify().problems
    except StoreError as error:
        assert "no store" in str(error)
        return
    assert problems


@pytest.mark.parametrize("name", ["out of the index", "index of the dead"])
def test_the_index_can_be_made_anew(path: Path, name: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(DAMAGES[name][0])
    connection.close()
    with Store(path) as store:
        store.mend()
        assert store.verify().problems == ()
        assert len(list(store.search("non"))) == 9


def test_others_may_write_while_it_looks(path: Path) -> None:
    with Store(path) as store, Store(path) as other:
        original = store.connection

        class Watched:
            """Lets the other write as soon as the snapshot is taken."""

            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                found = original.execute(sql, *values)
                if sql == "PRAGMA integrity_check(20)":
                    other.write([said("meanwhile", "Luc Bart", "non")])
                return found

        from onrecord.store.verify import verify

        assert verify(Watched()).problems == ()  # type: ignore[arg-type]
        assert other.record("meanwhile") is not None
