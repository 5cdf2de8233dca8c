"""Erasing: what is taken down is gone from the file, stays out, and takes nothing else along."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from onrecord.errors import StoreError
from onrecord.store import Store
from tests.storing import record, said, speaker, statement

WORD = "zibeline"  # stands in the erased text alone


def traces(path: Path, word: str) -> list[str]:
    """Files of a store that still hold a word, in upper or lower case."""
    found = []
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        file = path.with_name(name)
        if file.exists() and word.encode().lower() in file.read_bytes().lower():
            found.append(name)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([said(f"a{n}", "Luc Bart", f"non {n}", published="2026-11-20") for n in range(50)])
        store.write(
            [said("gone", "Zoé Zibeline", f"qu'une {WORD} traverse", title=f"La {WORD}", url="https://x.org/gone")]
        )
        store.write([said("gone", "Zoé Zibeline", f"que deux {WORD}s traversent")])
        store.write([said(f"b{n}", "Luc Bart", f"oui {n}", published="2026-11-21") for n in range(50)])
    return tmp_path / "s.db"


def test_an_erased_article_leaves_no_trace(path: Path) -> None:
    assert traces(path, WORD)
    with Store(path) as store:
        erased = store.erase_article("gone", reason="taken down")
        assert (erased.articles, erased.statements) == (1, 2)
        assert traces(path, WORD) == []
        assert store.record("gone") is None
        assert list(store.search(WORD)) == []
        assert store.verify().problems == ()
        assert store.stats().articles == 100
        tombstones = store.connection.execute("SELECT what, reason, statements FROM tombstone").fetchall()
    assert tombstones == [("article", "taken down", 2)]
    assert traces(path, WORD) == []


def test_an_erased_article_is_not_collected_again(path: Path) -> None:
    with Store(path) as store:
        store.erase_article("gone", reason="taken down")
        written = store.write([said("gone", "Zoé Zibeline", f"qu'une {WORD} traverse")])
        assert (written.erased, written.new) == (1, 0)
        assert store.record("gone") is None
    assert traces(path, WORD) == []


def test_an_article_with_the_same_text_stays(path: Path) -> None:
    one = said("gone", "Zoé Zibeline", f"que trois {WORD}s traversent")
    other = msgspec.structs.replace(one, article=msgspec.structs.replace(one.article, id="kept"))
    with Store(path) as store:
        store.write([one, other])
        store.erase_article("gone", reason="taken down")
        assert store.record("kept") == other
        assert [hit.article for hit in store.search(WORD + "s")] == ["kept"]
        assert store.verify().problems == ()


TEXT = "Luc Bart a dit que la mairie fermera. Zoé Zibeline a répondu que non, ce que Luc Bart a dit regretter."


def two_voices(id: str = "both") -> object:
    bart, zibeline = speaker(TEXT, "Luc Bart"), speaker(TEXT, "Zoé Zibeline")
    outer = statement(TEXT, "que non, ce que Luc Bart a dit regretter", zibeline)
    return record(
        id, TEXT,
        [statement(TEXT, "que la mairie fermera", bart), outer, statement(TEXT, "regretter", bart, parent=outer.id)],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["Zoé Zibeline", "zibeline", "ZOE ZIBELINE"])
def test_the_statements_of_a_person_go_and_those_of_others_stay(path: Path, name: str) -> None:
    whole = two_voices()
    assert isinstance(whole, type(said("x", "Luc Bart", "non")))
    with Store(path) as store:
        store.write([whole])
        erased = store.erase_speaker(name, reason="request")
        assert (erased.articles, erased.statements) == (3, 3)
        left = store.record("both")
        assert left is not None
        assert [s.speaker.name for s in left.statements if hasattr(s.speaker, "name")] == ["Luc Bart", "Luc Bart"]
        assert left.statements[1].parent is None
        assert left.article.text == TEXT
        assert next(iter(store.speakers(everybody=True))).name == "Luc Bart"
        assert store.connection.execute("SELECT count(*) FROM speaker").fetchone() == (1,)
        assert store.verify().problems == ()


def test_a_person_stays_out(path: Path) -> None:
    with Store(path) as store:
        store.erase_speaker("Zoé Zibeline", reason="request")
        store.write([two_voices("later")])  # type: ignore[list-item]
        later = store.record("later")
        assert later is not None
        assert [s.speaker.name for s in later.statements if hasattr(s.speaker, "name")] == ["Luc Bart", "Luc Bart"]
        assert list(store.search("non", order="oldest", limit=None)) != []
        assert store.verify().problems == ()


def test_what_is_not_there_cannot_be_erased(path: Path) -> None:
    with Store(path) as store:
        with pytest.raises(StoreError, match="no such article"):
            store.erase_article("nothing", reason="x")
        with pytest.raises(StoreError, match="nobody of this name"):
            store.erase_speaker("Nobody", reason="x")
        assert store.stats().erased == 0


def test_an_article_whose_later_reading_bears_an_earlier_date_is_erased_whole(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        for date in ("2026-11-22", "2026-11-21", "2026-11-20"):
            store.write([said("a", "Luc Bart", f"non le {date}", published=date)])
        assert store.erase_article("a", reason="taken down").statements == 3
        assert store.verify().problems == ()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_was_erased_is_not_taken_for_another_by_who_goes_on_writing(tmp_path: Path, elsewhere: bool) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([said("a", "Zoé Zibeline", "non")])
        with Store(tmp_path / "s.db") as other:
            (other if elsewhere else store).erase_article("a", reason="taken down")
            other.write([said("b", "Luc Bart", "oui")])
        store.write([said("c", "Zoé Zibeline", "oui")])
        assert {hit.article: hit.speaker for hit in store.search()} == {"b": "Luc Bart", "c": "Zoé Zibeline"}
