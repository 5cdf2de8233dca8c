"""The store: what is written comes back whole, what changes is superseded, and nothing is there twice."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.desk import Desk
from onrecord.errors import StoreError
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.store import Filters, Store
from onrecord.store.database import migrations
from onrecord.types import Article, Identity, Reason, Record, Refusal, Span, Speaker, Unknown
from tests.storing import MADE_BY, copy_into, record, said, span, speaker, statement

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s.db", create=True)


def articles(store: Store) -> list[str]:
    return [hit.article for hit in store.search()]


TEXT = "L'abbé 𝒢 Roy, maire de Brévent, a dit que « le pont 🌉 rouvrirait », selon Ana Roy, et qu'il l'avait promis."


def full() -> Record:
    """Everything that a record can hold."""
    roy = speaker(
        TEXT, "Ana Roy", office=span(TEXT, "maire de Brévent"), affiliation=span(TEXT, "Brévent"), gender="feminine",
        identity=Identity(id="Q1", name="Ana Roy", office="maire", country="fr", wikidata="Q1"),
    )  # fmt: skip
    outer = statement(
        TEXT, "que « le pont 🌉 rouvrirait »", roy, cue=(span(TEXT, "a dit"), span(TEXT, "selon")), type="mixed",
        source=(span(TEXT, "L'abbé"), span(TEXT, "Roy")), addressee=(span(TEXT, "maire"),), act="deny", negated=True,
        occasion=(span(TEXT, "Brévent"),), when=(span(TEXT, "et"),), confidence=0.07,
        reasons=(Reason("hand", "le mot « dit »"), Reason("tagger_cue", "a dit", span(TEXT, "a dit"))),
        content=(span(TEXT, "que « le"), span(TEXT, "rouvrirait »")),
    )  # fmt: skip
    inner = statement(
        TEXT, "le pont 🌉", Unknown("ambiguous", ("Ana Roy", "l'abbé « Roy »")), parent=outer.id, kind="attitude"
    )
    twin = msgspec.structs.replace(inner, id=f"{inner.id}-2", speaker=Unknown("not_stated"), parent=None)
    return record(
        "a", TEXT, [outer, inner, twin], title="Un titre", url="https://example.org/a", outlet="Le Courrier",
        author="A. B.", published="2026-11-26T08:30:00+01:00", origin="a.txt",
        made_by=msgspec.structs.replace(MADE_BY, weights="w", people="p"),
    )  # fmt: skip


def test_everything_that_a_record_holds_comes_back(store: Store) -> None:
    one = full()
    store.write([one])
    assert list(store.records()) == [one]
    assert store.record("a") == one
    assert store.record("b") is None
    assert store.verify().problems == ()


def test_records_of_the_reader_come_back(store: Store) -> None:
    found = [one for one in open_inputs([str(EXAMPLES)], Settings()) if isinstance(one, Article)]
    records = list(Desk().read_many(found))
    store.write(records)
    assert {r.article.id: r for r in store.records()} == {r.article.id: r for r in records}
    assert store.verify().problems == ()


spans = st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=6, unique=True).map(
    lambda ends: tuple(Span(a, b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


def roy(gender: Any, mentions: tuple[Span, ...]) -> Speaker:
    return speaker(TEXT, "Ana Roy", gender=gender, mentions=mentions)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "content": spans, "cue": st.one_of(st.just(()), spans), "source": st.one_of(st.just(()), spans),
                "when": st.one_of(st.just(()), spans), "negated": st.booleans(),
                "confidence": st.integers(0, 100).map(lambda n: n / 100),
                "act": st.sampled_from(["assert", "deny", "decline"]), "type": st.sampled_from(["direct", "mixed"]),
                "speaker": st.one_of(
                    st.sampled_from([Unknown("no_antecedent"), Unknown("ambiguous", ("A", "B"))]),
                    st.builds(roy, st.sampled_from([None, "masculine"]), spans),
                ),
            }
        ),
        max_size=5,
    )
)  # fmt: skip
def test_any_record_comes_back(tmp_path_factory: pytest.TempPathFactory, fields: list[dict[str, Any]]) -> None:
    made = {}
    for given_fields in fields:
        one = statement(TEXT, "Ana", given_fields.pop("speaker"), **given_fields)
        made[one.id] = one
    whole = record("a", TEXT, list(made.values()))
    with Store(tmp_path_factory.mktemp("x") / "s.db", create=True) as store:
        store.write([whole])
        assert store.record("a") == whole
        assert store.verify().problems == ()


def test_writing_again_changes_nothing(store: Store) -> None:
    assert store.write([said("a", "Ana Roy", "non")]).new == 1
    before = list(store.connection.iterdump())
    written = store.write([said("a", "Ana Roy", "non")])
    assert (written.new, written.changed, written.unchanged) == (0, 0, 1)
    assert list(store.connection.iterdump()) == before


@pytest.mark.parametrize(
    "later",
    [
        said("a", "Ana Roy", "peut-être"),
        said("a", "Ana Roy", "non", title="Autre titre"),
        said("a", "Ana Roy", "non", published="2026-11-27"),
        said("a", "Ana Roy", "non", outlet="Autre journal"),
        said("a", "Ana Roy", "non", made_by=msgspec.structs.replace(MADE_BY, weights="new")),
    ],
    ids=["text", "title", "date", "outlet", "reader"],
)
def test_what_changed_supersedes_and_the_earlier_reading_stays(store: Store, later: Record) -> None:
    first = said("a", "Ana Roy", "non", published="2026-11-26")
    store.write([first])
    assert store.write([later]).changed == 1
    assert list(store.records()) == [later]
    assert list(store.records(superseded=True)) == [first, later]
    assert articles(store) == ["a"]
    assert len(list(store.search("non"))) == (0 if "non" not in later.article.text else 1)
    assert store.verify().problems == ()


def test_superseding_within_one_transaction_keeps_the_index_right(store: Store) -> None:
    store.write([said("a", "Ana Roy", "non"), said("b", "Ana Roy", "oui"), said("a", "Ana Roy", "peut-être")])
    assert [hit.words for hit in store.search(order="oldest")] == ["oui", "peut-être"]
    assert store.verify().problems == ()


def test_two_articles_of_one_text_share_it(store: Store) -> None:
    one = said("a", "Ana Roy", "non")
    two = msgspec.structs.replace(one, article=msgspec.structs.replace(one.article, id="b"))
    store.write([one, two])
    assert store.connection.execute("SELECT count(*) FROM text").fetchone() == (1,)
    assert list(store.records()) == [one, two]
    (first, second) = store.statement(one.statements[0].id)
    assert {first[0].article.id, second[0].article.id} == {"a", "b"}


def test_a_statement_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    one = full()
    store.write([one])
    outer, inner, twin = one.statements
    assert [id for _, id in store.statement(outer.id[:6])] == [outer.id]
    assert {id for _, id in store.statement(inner.id)} == {inner.id, twin.id}
    assert [id for _, id in store.statement(twin.id)] == [twin.id]
    assert store.statement("zz") == store.statement("") == store.statement("0" * 20) == []


@pytest.mark.parametrize(
    ("published", "utc"),
    [
        ("2026-11-26", "2026-11-26"), ("2026-11-26T08:30:00+01:00", "2026-11-26T07:30:00Z"),
        ("2026-11-26T00:30:00+02:00", "2026-11-25T22:30:00Z"), ("2026-11-26T08:30:00Z", "2026-11-26T08:30:00Z"),
        ("2026-11-26 08:30", "2026-11-26T08:30:00Z"), ("yesterday", None), ("0001-01-01", None), ("9999-12-31", None),
        ("2026-02-30", None), ("", None), (None, None), ("9999-12-31T23:59:59-12:00", None),
    ],
)  # fmt: skip
def test_dates_are_kept_and_told_in_utc(store: Store, published: str | None, utc: str | None) -> None:
    store.write([said("a", "Ana Roy", "non", published=published)])
    row = store.connection.execute("SELECT published, published_utc FROM article_list").fetchone()
    assert row == (published, utc)


def test_a_refusal_goes_when_the_input_is_read_later(store: Store) -> None:
    store.write([], [Refusal(id="a", reason="empty", message="no words"), Refusal(id="b", reason="empty", message="x")])
    store.write([said("a", "Ana Roy", "non")])
    assert [refusal.id for refusal in store.refusals()] == ["b"]


def test_a_note_stands_beside_its_article(store: Store) -> None:
    store.write([said("a", "Ana Roy", "non")])
    store.note("a", "retraction", why="the quotation was invented", dated="2026-11-27")
    store.write([said("a", "Ana Roy", "oui")])
    (hit,) = store.search("oui")
    assert hit.notices == ("retraction",)
    with pytest.raises(StoreError, match="no such article"):
        store.note("b", "correction", why="x")
    with pytest.raises(StoreError, match="no date"):
        store.note("a", "correction", why="x", dated="soon")


def test_a_failure_leaves_nothing_behind(store: Store) -> None:
    good = said("a", "Ana Roy", "non")
    bad = msgspec.structs.replace(good, article=msgspec.structs.replace(good.article, id="b", sha256="xyz"))
    with pytest.raises(ValueError, match="hexadecimal"):
        store.write([good, bad])
    assert store.stats().articles == 0
    assert store.write([good]).new == 1
    assert store.verify().problems == ()


# --- views and tools ------------------------------------------------------------------------------------------------


def views(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What another tool sees, without any of our code."""
    with sqlite3.connect(path) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()
            for name in ("article_list", "statement_list", "speaker_list", "copy_list")
        }


def test_the_views_do_not_depend_on_the_order_of_writing(tmp_path: Path) -> None:
    made = [
        said(f"a{n}", ("Ana Roy", "M. Luc Roy", "Luc Roy", "ANA ROY")[n % 4], f"non {n}", outlet=f"O{n % 2}",
             published=(None, "2026-11-26", "2026-11-25T10:00:00+02:00")[n % 3])
        for n in range(12)
    ]  # fmt: skip
    found = []
    for number, order in enumerate((made, made[::-1], made[1::2] + made[::2])):
        path = tmp_path / f"{number}.db"
        with Store(path, create=True) as store:
            for one in order:
                store.write([one])
        found.append(views(path))
    assert found[0] == found[1] == found[2]
    assert len(found[0]["article_list"]) == 12


def test_the_views_give_the_words_of_the_spans(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([full()])
    with sqlite3.connect(tmp_path / "s.db") as connection:
        rows = connection.execute(
            "SELECT speaker, office, identity, content, cue, source, confidence, start, end FROM statement_list"
        ).fetchall()
    content = "que « le … rouvrirait »"
    assert rows[0] == (
        "Ana Roy", "maire de Brévent", "Q1", content, "a dit … selon", "L'abbé … Roy", 0.07,
        TEXT.index("que"), TEXT.index("»") + 1,
    )  # fmt: skip
    assert rows[1][0] is None


def test_who_is_quoted_is_counted(store: Store) -> None:
    store.write(
        [
            said("a", "Mme Ana Roy", "non", of={"type": "direct", "act": "deny"}, published="2026-01-01", outlet="O"),
            said("b", "Ana Roy", "oui", published="2026-02-01"),
            said("c", "Luc Bart", "non"),
        ]
    )
    first, second = store.speakers()
    assert (first.statements, first.articles, first.direct, first.denials) == (2, 2, 1, 1)
    assert (first.first, first.latest) == ("2026-01-01", "2026-02-01")
    assert second.name == "Luc Bart"
    assert [(one.value, one.statements) for one in store.counts("month")] == [("", 1), ("2026-01", 1), ("2026-02", 1)]
    assert [(one.value, one.statements) for one in store.counts("act", Filters(speaker="roy"))] == [
        ("assert", 1),
        ("deny", 1),
    ]
    assert list(store.speakers(Filters(speaker="nobody"))) == []


# --- the file -------------------------------------------------------------------------------------------------------


def test_a_missing_store_is_not_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such store"):
        Store(tmp_path / "s.db")
    assert not (tmp_path / "s.db").exists()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / "no" / "s.db", create=True)


def test_other_files_are_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all, but long enough to be one" * 40)
    with pytest.raises(StoreError, match="no store"):
        Store(tmp_path / "text.db")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="no store"):
        Store(tmp_path / "other.db", create=True)
    Store(tmp_path / "later.db", create=True).connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="update onrecord"):
        Store(tmp_path / "later.db")


@pytest.mark.parametrize("version", range(1, max(migrations())))
def test_a_store_of_every_earlier_version_is_brought_to_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    known = {number: script for number, script in migrations().items() if number <= version}
    with monkeypatch.context() as patch:
        patch.setattr("onrecord.store.database.migrations", lambda: known)
        Store(tmp_path / "s.db", create=True).close()
    with Store(tmp_path / "new.db", create=True) as store:
        store.write([full()])
        copy_into(store.connection, tmp_path / "s.db")
    with Store(tmp_path / "s.db") as store:
        assert list(store.records()) == [full()]
        assert store.link_copies().statements == 0
        assert store.verify().problems == ()
        rows = store.connection.execute("SELECT version FROM migration ORDER BY version").fetchall()
    assert rows == [(number,) for number in sorted(migrations())]


def test_one_reads_while_another_writes(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as writer, Store(tmp_path / "s.db", readonly=True) as reader:
        writer.write([said("a", "Ana Roy", "non")])
        hits = reader.search()
        assert next(hits).article == "a"
        writer.write([said("b", "Ana Roy", "oui")])
        assert sorted(articles(reader)) == ["a", "b"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.write([said("c", "Ana Roy", "oui")])


def write_many(path: str, prefix: str) -> None:
    with Store(path) as store:
        for n in range(20):
            store.write([said(f"{prefix}{n}", "Ana Roy", f"non {n}")])


def test_two_processes_write_in_turns(tmp_path: Path) -> None:
    Store(tmp_path / "s.db", create=True).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_many, args=(str(tmp_path / "s.db"), prefix)) for prefix in "xy"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    with Store(tmp_path / "s.db") as store:
        assert store.stats().articles == 40
        assert store.verify().problems == ()


def test_a_copy_is_whole_while_others_write(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([said(f"a{n}", "Ana Roy", f"non {n}") for n in range(200)])
        stop = threading.Event()

        def go_on() -> None:
            with Store(tmp_path / "s.db") as other:
                for n in range(10_000):
                    if stop.is_set():
                        return
                    other.write([said(f"b{n}", "Ana Roy", f"oui {n}")])

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            store.backup(tmp_path / "copy.db")
        finally:
            stop.set()
            thread.join()
        store.write([said("later", "Ana Roy", "oui")])
        with Store(tmp_path / "copy.db") as copy:
            assert copy.verify().problems == ()
            assert copy.stats().articles >= 200
            whole = list(copy.records())
        store.restore(tmp_path / "copy.db")
        assert list(store.records()) == whole
        assert store.record("later") is None
        assert store.write([said("after", "Ana Roy", "oui")]).new == 1


def test_a_damaged_copy_is_not_put_in_place(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([said("a", "Ana Roy", "non")])
        store.backup(tmp_path / "copy.db")
        with sqlite3.connect(tmp_path / "copy.db") as copy:
            copy.execute("UPDATE text SET text = 'x'")
        with pytest.raises(StoreError, match="not whole"):
            store.restore(tmp_path / "copy.db")
        assert articles(store) == ["a"]
