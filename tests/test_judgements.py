"""Judgements: what people decide stays with its statement, takes effect, is never edited, and can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onrecord.errors import StoreError
from onrecord.store import Filters, Hit, Store
from onrecord.store.database import migrations
from onrecord.store.replay import Change
from onrecord.types import Record, Span
from tests.storing import MADE_BY, copy_into, record, said, span, speaker, statement

TEXT = "Ana Roy a déclaré lundi que le pont rouvrira et que la gare fermera. Luc Bart a dit que tout va bien."


def anew(one: Record, *, shift: int = 0, cut: int = 0, text: str = "") -> Record:
    """The record as another reader might give it: content a little longer or shorter, or the text changed."""
    (found,) = one.statements
    whole = text + one.article.text
    place = Span(found.content[0].start + len(text) + shift, found.content[0].end + len(text) - cut)
    other = msgspec.structs.replace(MADE_BY, weights="other")
    return record(one.article.id, whole, [statement(whole, "a", found.speaker, content=(place,))], made_by=other)


def two() -> Record:
    """An article with two statements."""
    ana, luc = speaker(TEXT, "Ana Roy"), speaker(TEXT, "Luc Bart")
    return record(
        "two", TEXT,
        [
            statement(TEXT, "le pont rouvrira et que la gare fermera", ana, cue=(span(TEXT, "a déclaré"),)),
            statement(TEXT, "tout va bien", luc, cue=(span(TEXT, "a dit"),)),
        ],
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.db", create=True) as one:
        one.write(
            [
                said("a", "Ana Roy", "que le pont rouvrira avant le mois de mai", of={"confidence": 0.2}),
                said("b", "Luc Bart", "que la gare fermera", of={"confidence": 0.1}),
                said("c", "Eva Sol", "que tout va bien", of={"confidence": 0.9}),
            ]
        )
        yield one


def hits(store: Store, article: str) -> list[Hit]:
    return sorted((one for one in store.search(fold=False) if one.article == article), key=lambda one: one.key)


def hit(store: Store, article: str) -> Hit:
    (one,) = hits(store, article)
    return one


def words(store: Store, article: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.words, one.speaker, one.verdict) for one in hits(store, article)]


def whole(store: Store) -> bool:
    return store.verify().problems == ()


def test_a_judgement_is_shown_with_its_statement_and_takes_effect(store: Store) -> None:
    store.judge(hit(store, "a").key, "confirmed", who="desk", why="heard it")
    store.judge(hit(store, "b").key, "speaker", who="desk", speaker="Anna Bart")
    store.judge(hit(store, "c").key, "rejected", who="desk")
    assert (hit(store, "a").verdict, hit(store, "a").judged_by) == ("confirmed", "desk")
    assert (hit(store, "b").verdict, hit(store, "b").speaker) == ("speaker", "Anna Bart")
    assert [one.article for one in store.search(None, Filters(speaker="Anna Bart"))] == ["b"]
    assert list(store.search(None, Filters(speaker="Luc Bart"))) == []
    assert hits(store, "c") == list(store.search("tout")) == []
    assert {one.name for one in store.speakers()} == {"Ana Roy", "Anna Bart"}
    judged = store.record("a")
    assert judged is not None
    assert judged.statements[0].reasons[-1].evidence.startswith("confirmed: desk, ")
    assert judged.statements[0].reasons[-1].evidence.endswith("(heard it)")
    assert whole(store)


def test_undoing_goes_back_several_steps_and_nothing_is_edited(store: Store) -> None:
    before = store.record("a")
    steps = [store.judge(hit(store, "a").key, "confirmed", who="one")]
    steps.append(store.judge(hit(store, "a").key, "speaker", who="two", speaker="Eva Sol"))
    steps.append(store.judge(hit(store, "a").key, "corrected", who="two", made=[Change(act="deny")]))
    steps.append(store.judge(hit(store, "a").key, "rejected", who="three"))
    assert hits(store, "a") == []
    for step, name, act in zip(
        steps[:0:-1], ["Eva Sol", "Eva Sol", "Ana Roy"], ["deny", "assert", "assert"], strict=True
    ):
        store.undo(step)
        assert (hit(store, "a").speaker, hit(store, "a").act) == (name, act)
    store.undo(steps[0])
    assert store.record("a") == before
    with pytest.raises(StoreError, match="no judgement"):
        store.undo(steps[0])
    assert [one.verdict for one in store.judgements()] == ["rejected", "corrected", "speaker", "confirmed"]
    assert all(one.undone_at for one in store.judgements())
    assert store.connection.execute("SELECT count(*) FROM reading").fetchone() == (3,)
    assert whole(store)


def test_a_statement_is_cut_in_two_joined_again_and_added(store: Store) -> None:
    store.write([two()])
    first = span(TEXT, "le pont rouvrira"), span(TEXT, "la gare fermera")
    store.judge(hits(store, "two")[0].key, "split", who="x", made=[Change(content=(one,)) for one in first])
    assert [told[0] for told in words(store, "two")] == ["le pont rouvrira", "la gare fermera", "tout va bien"]
    assert {told[1] for told in words(store, "two")[:2]} == {"Ana Roy"}
    one, other, _ = hits(store, "two")
    store.judge(one.key, "merged", who="x", other=other.key)
    assert [told[0] for told in words(store, "two")] == ["le pont rouvrira … la gare fermera", "tout va bien"]
    store.add("two", Change(content=(span(TEXT, "a dit"),), speaker=""), who="x", why="missed")
    assert ("a dit", None, "added") in words(store, "two")
    assert whole(store)


@pytest.mark.parametrize(
    ("how", "stays"),
    [({}, True), ({"shift": 4}, True), ({"cut": 8}, True), ({"text": "Nouveau titre. "}, True), ({"shift": 30}, False),
     ({"text": "Nouveau titre. ", "cut": 5}, False)],
)  # fmt: skip
def test_a_judgement_survives_another_reading_of_the_same_statement(
    store: Store, how: dict[str, Any], stays: bool
) -> None:
    one = store.record("a")
    assert one is not None
    store.judge(hit(store, "a").key, "speaker", who="desk", speaker="Eva Sol")
    assert not store.has(one.article, msgspec.structs.replace(MADE_BY, weights="other"))
    assert store.has(one.article, MADE_BY)
    assert store.write([anew(one, **how)]).changed == 1
    assert (hit(store, "a").speaker == "Eva Sol") is stays
    assert store.write([anew(one, **how)]).unchanged == 1
    assert whole(store)


def test_what_was_added_and_corrected_survives_a_changed_text(store: Store) -> None:
    store.write([two()])
    store.judge(hits(store, "two")[1].key, "corrected", who="x", made=[Change(content=(span(TEXT, "va bien"),))])
    store.add("two", Change(content=(span(TEXT, "lundi"),), speaker="Luc Bart"), who="x")
    text = f"Nouveau. {TEXT}"
    luc = speaker(text, "Luc Bart")
    store.write([record("two", text, [statement(text, "tout va bien", luc, cue=(span(text, "a dit"),))])])
    assert words(store, "two") == [("lundi", "Luc Bart", "added"), ("va bien", "Luc Bart", "corrected")]
    assert whole(store)


def test_the_least_certain_come_first_and_what_is_judged_does_not_come_again(store: Store) -> None:
    def order() -> list[str]:
        return [next(h.article for h in store.search(fold=False) if h.key == key) for key in store.unsure()]

    assert order() == ["b", "a", "c"]
    judgement = store.judge(hit(store, "b").key, "confirmed", who="desk")
    assert order() == ["a", "c"]
    store.undo(judgement)
    assert order() == ["b", "a", "c"]


def test_what_is_no_judgement_is_refused(store: Store) -> None:
    key = hit(store, "a").key
    outside = Change(content=(Span(0, 9999),))
    for told, why in (
        ({"verdict": "speaker"}, "who is it"), ({"verdict": "confirmed", "speaker": "x"}, "who is it"),
        ({"verdict": "split", "made": [outside]}, "2 statements"), ({"verdict": "corrected"}, "1 statements"),
        ({"verdict": "corrected", "made": [outside]}, "outside the text"),
        ({"verdict": "merged", "other": hit(store, "b").key}, "of one article"),
    ):  # fmt: skip
        with pytest.raises(StoreError, match=why):
            store.judge(key, who="desk", **told)
    with pytest.raises(StoreError, match="no such statement"):
        store.judge(99, "confirmed", who="desk")
    with pytest.raises(StoreError, match="no such article"):
        store.add("none", outside, who="desk")
    assert list(store.judgements()) == []


def test_erasing_takes_judgements_along(store: Store) -> None:
    store.judge(hit(store, "a").key, "confirmed", who="desk")
    store.judge(hit(store, "b").key, "speaker", who="desk", speaker="Eva Sol")
    store.erase_speaker("Eva Sol", reason="request")
    assert {one.speaker for one in store.search(fold=False)} == {"Ana Roy", "Luc Bart"}
    assert [one.verdict for one in store.judgements()] == ["confirmed"]
    store.erase_article("a", reason="request")
    assert list(store.judgements()) == []
    assert whole(store)


def test_copies_stay_linked_when_a_carrier_is_judged(tmp_path: Path) -> None:
    long = "que le grand pont de la ville rouvrira avant la fin du mois de mai prochain sans aucun doute possible"
    with Store(tmp_path / "c.db", create=True) as store:
        store.write([said(f"k{n}", "Ana Roy", long, published=f"2026-01-0{n}") for n in (1, 2)])
        store.link_copies()
        (folded,) = store.search()
        assert folded.copies == 1
        judgement = store.judge(folded.key, "confirmed", who="desk")
        assert [one.copies for one in store.search()] == [1]
        store.undo(judgement)
        assert [one.copies for one in store.search()] == [1]
        assert whole(store)


def test_what_was_judged_under_the_earlier_version_takes_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {number: script for number, script in migrations().items() if number <= 4}
    with monkeypatch.context() as patch:
        patch.setattr("onrecord.store.database.migrations", lambda: known)
        Store(tmp_path / "s.db", create=True).close()
    with Store(tmp_path / "new.db", create=True) as store:
        store.write([said("a", "Ana Roy", "non"), said("b", "Ana Roy", "oui")])
        copy_into(store.connection, tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as old:
        for article, verdict, name in (("a", "rejected", None), ("b", "speaker", "Luc Bart")):
            old.execute(
                "INSERT INTO judgement (article, text, content, verdict, speaker, who, why, judged_at)"
                " SELECT r.article, r.text, s.content, ?, ?, 'x', '', '2026-11-26T00:00:00Z' FROM reading AS r"
                " JOIN article AS a ON a.key = r.article JOIN statement AS s ON s.key >> 14 = r.key WHERE a.id = ?",
                (verdict, name, article),
            )
    old.close()
    with Store(tmp_path / "s.db") as store:
        assert [(one.article, one.speaker) for one in store.search()] == [("b", "Luc Bart")]
        assert store.verify().problems == ()
