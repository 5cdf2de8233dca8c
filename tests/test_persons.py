"""Persons over a store: names of one are put together with a reason, two stay two, and a judgement goes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import StoreError
from onrecord.store import Filters, Store
from onrecord.types import Record
from tests.storing import record, span, speaker, statement


def said(id: str, name: str, office: str = "", **more: Any) -> Record:
    text = f"{name}{', ' + office if office else ''}, a dit non à {id}."
    told = {"office": span(text, office)} if office else {}
    return record(id, text, [statement(text, "non", speaker(text, name, **told, **more))])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    one = Store(tmp_path / "s.db", create=True)
    one.write(
        [
            said("a", "Dmitri Peskov", "porte-parole du Kremlin"), said("b", "Dmitry Peskov"),
            said("b2", "Dmitry Peskov"), said("c", "M. Peskov", "porte-parole du Kremlin"),
            said("d", "Anna Peskov", gender="feminine"), said("e", "Luc Bart"),
        ]
    )  # fmt: skip
    return one


def persons(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for person, name in store.connection.execute("SELECT person, known_as FROM person_list"):
        found.setdefault(person, set()).add(name)
    return found


def test_names_of_one_person_are_put_together_with_a_reason(store: Store) -> None:
    joined = store.join_persons()
    assert (joined.names, joined.persons, joined.several) == (5, 3, 1)
    assert persons(store)["Dmitry Peskov"] == {"Dmitri Peskov", "Dmitry Peskov", "M. Peskov"}
    rules = {rule for (rule,) in store.connection.execute("SELECT rule FROM person_list WHERE rule IS NOT NULL")}
    assert rules <= {"spelling", "surname_and_office"}
    assert store.verify().problems == ()


def test_all_names_of_a_person_are_found_and_counted_together(store: Store) -> None:
    asked = Filters(speaker="Dmitri Peskov")
    before = {hit.article for hit in store.search(None, asked)}
    store.join_persons()
    assert {hit.article for hit in store.search(None, asked)} == {"a", "b", "b2", "c"} > before - {"c"}
    (first, *_) = store.speakers()
    assert (first.name, first.statements) == ("Dmitry Peskov", 4)
    assert [(count.value, count.statements) for count in store.counts("act", asked)] == [("assert", 4)]


def test_two_whom_one_article_names_stay_two(store: Store) -> None:
    text = "Dmitri Peskov a dit non. Dmitry Peskov a dit oui."
    both = [
        statement(text, "non", speaker(text, "Dmitri Peskov")),
        statement(text, "oui", speaker(text, "Dmitry Peskov")),
    ]
    store.write([record("both", text, both)])
    store.join_persons()
    assert all({"Dmitri Peskov", "Dmitry Peskov"} - names for names in persons(store).values())


def test_what_somebody_decided_goes_first_and_can_be_decided_again(store: Store) -> None:
    store.judge_persons("Dmitri Peskov", "Dmitry Peskov", same=False, who="desk", why="father and son")
    store.join_persons()
    assert all({"Dmitri Peskov", "Dmitry Peskov"} - names for names in persons(store).values())
    store.judge_persons("Dmitri Peskov", "Dmitry Peskov", same=True, who="desk", why="no")
    store.judge_persons("Luc Bart", "Anna Peskov", same=True, who="desk")
    store.join_persons()
    assert {"Dmitri Peskov", "Dmitry Peskov"} <= persons(store)["Dmitry Peskov"]
    assert {"Luc Bart", "Anna Peskov"} in persons(store).values()
    assert store.connection.execute("SELECT count(*) FROM person_judgement").fetchone() == (3,)


@pytest.mark.parametrize(("one", "other"), [("Nobody", "Luc Bart"), ("Peskov", "Luc Bart"), ("Luc Bart", "luc bart")])
def test_a_judgement_of_no_two_names_is_refused(store: Store, one: str, other: str) -> None:
    with pytest.raises(StoreError):
        store.judge_persons(one, other, same=True, who="desk")


def test_an_erased_person_leaves_no_name(store: Store) -> None:
    store.join_persons()
    store.erase_speaker("Luc Bart", reason="request")
    assert "Luc Bart" not in persons(store)
    assert store.verify().problems == ()
