"""The counts that are kept are those of the statements that count, whatever happened to the store before."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import msgspec
import pytest

from onrecord.store import Filters, Store
from onrecord.store.overview import COLUMNS, counts_within
from onrecord.store.replay import Change
from onrecord.types import Record, Speaker, Unknown
from tests.storing import MADE_BY, record, speaker, statement

COUNTED = Filters(kind="speech")  # every statement here, but counted one by one
NAMES = ("Ana Roy", "ANA ROY", "Mme Roy", "Dmitri Peskov", "Dmitry Peskov", "Luc Bart", "la police")
GENDERS = (None, "feminine", "masculine")
DATES = (None, "2026-01-31", "2026-01-31T23:30:00-05:00", "2026-02-01T08:00:00Z", "2025-12", "2025-12-24")


def article(order: random.Random, number: int) -> Record:
    """One of a few articles, each time with other statements."""
    text = f"La maire de {number}. {', '.join(NAMES)}. A dit non, b dit oui, c dit peut-être {order.random()}."
    office = statement(text, "maire", Unknown("not_stated")).content[0]
    cast: list[Speaker | Unknown] = [Unknown("not_stated")]
    cast += [
        speaker(text, name, type="group" if name == "la police" else order.choice(("person", "organisation")),
                gender=order.choice(GENDERS), office=order.choice((None, office)))
        for name in order.sample(NAMES, 3)
    ]  # fmt: skip
    statements = [
        statement(text, words, order.choice(cast), type=order.choice(("direct", "indirect", "mixed")),
                  act=order.choice(("assert", "deny")), confidence=order.choice((0.2, 0.87)))
        for words in order.sample(("non", "oui", "peut-être"), order.randrange(4))
    ]  # fmt: skip
    outlet, made_by = order.choice((None, "AFP", "Le Soir")), msgspec.structs.replace(MADE_BY, weights=str(number))
    told = {"outlet": outlet, "published": order.choice(DATES), "language": order.choice(("fr", "en"))}
    return record(f"a{number}", text, statements, made_by=made_by, **told)


def changed(store: Store, order: random.Random) -> None:
    """Something happens to the store."""
    keys = [hit.key for hit in store.search(fold=False)]
    standing = [one.key for one in store.judgements() if one.undone_at is None and one.key is not None]
    names = sorted({one.name for one in store.speakers(everybody=True)})
    what = order.choice(("write", "write", "judge", "judge", "undo", "join", "article", "speaker"))
    if what == "write":
        store.write([article(order, order.randrange(12)) for _ in range(5)])
    elif what == "judge" and keys:
        verdict = order.choice(("rejected", "speaker", "corrected"))
        told = {"speaker": {"speaker": "Eva Sol"}, "corrected": {"made": [Change(act="deny")]}}.get(verdict, {})
        store.judge(order.choice(keys), verdict, who="desk", **told)  # type: ignore[arg-type]
    elif what == "undo" and standing:
        store.undo(order.choice(standing))
    elif what == "join":
        store.join_persons()
    elif what == "article" and keys:
        store.erase_article(next(store.search()).article, reason="asked for")
    elif what == "speaker" and names and order.random() < 0.3:
        store.erase_speaker(order.choice(names), reason="asked for")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happened_what_is_kept_is_what_is_counted(tmp_path: Path, seed: int) -> None:
    order = random.Random(seed)
    with Store(tmp_path / "s.db", create=True) as store:
        for _ in range(25):
            changed(store, order)
        same(store)
        assert store.verify().problems == ()


def same(store: Store) -> None:
    """Holds every answer from the counts against the same by counting."""
    for everybody in (True, False):
        assert list(store.speakers(everybody=everybody)) == list(store.speakers(COUNTED, everybody=everybody))
        assert list(store.speakers(limit=2)) == list(store.speakers(COUNTED, limit=2))
    for name in NAMES:
        asked, counted = Filters(speaker=name), Filters(speaker=name, kind="speech")
        assert list(store.speakers(asked, everybody=True)) == list(store.speakers(counted, everybody=True))
    together = store.all_counts(COUNTED)
    for by, found in store.all_counts().items():
        assert found == store.counts(by, COUNTED), by
        assert found == [msgspec.structs.replace(one, right=pytest.approx(one.right)) for one in together[by]], by
    for each in ("outlet", "month"):
        for sort, value in (("act", "deny"), ("type", "mixed"), ("gender", "feminine"), ("speaker", "")):
            for known in (False, True):
                one, other = (
                    counts_within(store.connection, filters, each, sort, value, known=known)  # type: ignore[arg-type]
                    for filters in (Filters(), COUNTED)
                )
                assert one == other, (each, sort, known)


def test_the_counts_do_not_depend_on_the_order(tmp_path: Path) -> None:
    records = [article(random.Random(number), number) for number in range(20)]
    kept = []
    for name, some in (("one.db", records), ("two.db", records[::-1])):
        with Store(tmp_path / name, create=True) as store:
            for one in some:
                store.write([one])
            kept.append((set(store.speakers(everybody=True)), {by: set(store.counts(by)) for by in COLUMNS}))
    assert kept[0][0] == kept[1][0]
    assert {by: found for by, found in kept[0][1].items() if by != "speaker"} == {
        by: found for by, found in kept[1][1].items() if by != "speaker"
    }


@pytest.mark.parametrize("table", ["tally", "quoted", "quoted_as"])
def test_a_wrong_count_is_named_and_mended(tmp_path: Path, table: str) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([article(random.Random(number), number) for number in range(5)])
        store.connection.execute(f"UPDATE {table} SET statements = statements + 1")
        assert [one.what for one in store.verify().problems] == [f"table {table}"]
        store.mend()
        assert store.verify().problems == ()


def test_what_was_erased_is_in_no_count(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([article(random.Random(number), number) for number in range(9)])
        store.erase_speaker("Luc Bart", reason="asked for")
    with sqlite3.connect(tmp_path / "s.db") as file:
        rows = [*file.execute("SELECT value FROM tally"), *file.execute("SELECT name FROM quoted_as")]
    assert rows
    assert not [row for row in rows if "Bart" in row[0]]
