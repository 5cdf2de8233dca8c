"""Judgements: what people decide stays with its statement, is never edited, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from onrecord.errors import StoreError
from onrecord.store import Hit, Store
from onrecord.types import Record, Span
from tests.storing import MADE_BY, said


def anew(record: Record, *, shift: int = 0, cut: int = 0, text: str = "") -> Record:
    """The record as another reader might give it: content a little longer or shorter, or the text changed."""
    from tests.storing import record as made
    from tests.storing import statement

    (one,) = record.statements
    whole = text + record.article.text
    span = Span(one.content[0].start + len(text) + shift, one.content[0].end + len(text) - cut)
    other = msgspec.structs.replace(MADE_BY, weights="other")
    speaker = one.speaker
    return made(record.article.id, whole, [statement(whole, "a", speaker, content=(span,))], made_by=other)


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


def hit(store: Store, article: str) -> Hit:
    return next(one for one in store.search(fold=False) if one.article == article)


def test_a_judgement_is_shown_with_its_statement(store: Store) -> None:
    store.judge(hit(store, "a").key, "confirmed", who="desk", why="heard it")
    store.judge(hit(store, "b").key, "speaker", who="desk", speaker="Anna Bart")
    assert hit(store, "a").verdict == "confirmed"
    assert (hit(store, "b").verdict, hit(store, "b").judged_speaker) == ("speaker", "Anna Bart")
    assert hit(store, "c").verdict is None
    assert store.verify().problems == ()


def test_the_last_one_that_stands_counts_and_none_is_edited(store: Store) -> None:
    key = hit(store, "a").key
    store.judge(key, "confirmed", who="one")
    second = store.judge(key, "rejected", who="two")
    assert hit(store, "a").verdict == "rejected"
    store.undo(second)
    assert hit(store, "a").verdict == "confirmed"
    with pytest.raises(StoreError, match="no judgement"):
        store.undo(second)
    rows = store.connection.execute("SELECT verdict, who, undone_at IS NULL FROM judgement_list").fetchall()
    assert rows == [("confirmed", "one", 1), ("rejected", "two", 0)]


@pytest.mark.parametrize(
    ("how", "stays"),
    [({}, True), ({"shift": 4}, True), ({"cut": 8}, True), ({"text": "Nouveau titre. "}, True), ({"shift": 30}, False),
     ({"text": "Nouveau titre. ", "cut": 5}, False)],
)  # fmt: skip
def test_a_judgement_survives_another_reading_of_the_same_statement(
    store: Store, how: dict[str, int], stays: bool
) -> None:
    store.judge(hit(store, "a").key, "rejected", who="desk")
    record = store.record("a")
    assert record is not None
    assert store.write([anew(record, **how)]).changed == 1  # type: ignore[arg-type]
    assert (hit(store, "a").verdict == "rejected") is stays


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
    with pytest.raises(StoreError, match="who is it"):
        store.judge(key, "speaker", who="desk")
    with pytest.raises(StoreError, match="who is it"):
        store.judge(key, "confirmed", who="desk", speaker="x")
    with pytest.raises(StoreError, match="no such statement"):
        store.judge(99, "confirmed", who="desk")


def test_erasing_an_article_takes_its_judgements_along(store: Store) -> None:
    store.judge(hit(store, "a").key, "confirmed", who="desk")
    store.erase_article("a", reason="request")
    assert store.connection.execute("SELECT count(*) FROM judgement").fetchone() == (0,)
    assert store.verify().problems == ()


def test_the_page_confirms_corrects_and_takes_back(tmp_path: Path, store: Store) -> None:
    pytest.importorskip("starlette", reason='pip install "onrecord[web]"')
    from starlette.testclient import TestClient

    from onrecord.settings import Settings
    from onrecord.web.app import make_app

    with TestClient(make_app(tmp_path / "s.db", Settings(reader="rules")), base_url="http://127.0.0.1") as client:
        first = client.get("/review").text
        assert "la gare fermera" in first
        assert re.search(r"<button[^>]*confirmed[^>]*autofocus", first)
        found = re.search(r'name="token" value="(\w+)"', first)
        assert found
        token = found[1]
        given = {"token": token, "statement": str(hit(store, "b").key), "who": "Éva"}
        second = client.post("/review", data=given | {"verdict": "speaker", "speaker": "Anna Bart"})
        assert "le pont rouvrira" in second.text
        assert 'value="Éva"' in second.text
        assert hit(store, "b").judged_speaker == "Anna Bart"
        last = re.search(r'name="undo" value="(\d+)"', second.text)
        assert last
        assert "la gare fermera" in client.post("/review", data={"token": token, "undo": last[1]}).text
        assert hit(store, "b").verdict is None
        assert client.post("/review", data=given | {"verdict": "confirmed", "token": "x"}).status_code == 403
        assert client.post("/review", data=given | {"verdict": "shout"}).status_code == 400
        skipped = re.search(r'href="(/review\?after=[^"]+)"', first)
        assert skipped
        assert "le pont rouvrira" in client.get(skipped[1]).text
