"""Search: what people type is understood or named as wrong, filters narrow it, and pages join without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import QueryError
from onrecord.store import Filters, Store
from onrecord.store.query import to_fts
from tests.storing import record, said, statement

SAID = {
    "a": "que le cœur de la centrale est protégé",
    "b": "« La zone tampon sera élargie » avant l'été",
    "c": "des missiles ont été tirés",
    "d": "qu'aucun missile n'a été tiré par la Russie",
    "e": "que le gaz russe manquera",
    "f": "que le pétrole et le gaz manqueront",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("search") / "s.db", create=True) as one:
        one.write(
            [
                said("a", "Ana Roy", SAID["a"], published="2022-12-01", outlet="Le Courrier"),
                said("b", "Ana Roy", SAID["b"], published="2022-12-15T10:00:00Z", of={"type": "direct"}, outlet="AFP"),
                said("c", "Alexandre Loukachenko", SAID["c"], published="2022-11-30", of={"act": "accuse"}),
                said("d", "Alexander Lukashenko", SAID["d"], published="2023-01-02", language="en",
                     of={"act": "deny", "negated": True}),
                said("e", "M. Luc Bart", SAID["e"], of={"kind": "attitude"}),
                said("f", "Mme Bart", SAID["f"], published="2022-12-31T23:30:00-05:00"),
            ]
        )  # fmt: skip
        yield one


def found(store: Store, query: str | None = None, **asked: Any) -> str:
    return "".join(sorted(hit.article for hit in store.search(query, Filters(**asked))))


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("missile", "d"), ("missile*", "cd"), ("MISSILES", "c"), ("tires", "c"), ("tiré", "d"), ("zone tampon", "b"),
        ('"zone tampon"', "b"), ('"tampon zone"', ""), ("«zone tampon»", "b"), ("“zone tampon”", "b"), ("gaz", "ef"),
        ("gaz -russe", "f"), ("gaz NOT russe", "f"), ("gaz OR missiles", "cef"), ("(gaz OR missiles) manquer*", "ef"),
        ("pétrole gaz", "f"), ("petrole AND gaz", "f"), ("coeur", "a"), ("cœur", "a"), ("CŒUR", "a"), ("CŒURS", ""),
        ("l'été", "b"), ("qu'aucun", "d"), ("tampon,", "b"), ('gaz -"gaz russe"', "f"),
        ("gaz -(russe OR sibérien)", "f"),
        ("roy", ""), ("deny", ""), ("assert", ""), ("tdirect", ""), ("NEAR", ""), ("gaz NEAR russe", ""), ("gaz^2", ""),
        ("words:gaz", ""), ("{gaz}", "ef"), ("gaz * ", "ef"), ("- gaz", "ef"), ("é*", "abcdf"),
    ],
)  # fmt: skip
def test_a_query_means_what_it_says(store: Store, query: str, articles: str) -> None:
    assert found(store, query) == articles


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "nothing to search"), ("   ", "nothing to search"), ("(gaz", "without a closing"),
        ("gaz)", "without an opening"),
        ('"zone', "other half"), ("«zone", "other half"), ("-russe", "only words to leave out"),
        ("NOT", "missing after NOT"),
        ("gaz NOT", "missing after NOT"), ("gaz AND", "between two words"), ("AND gaz", "between two words"),
        ("gaz OR", "missing"), ("OR gaz", "missing"), ("()", "missing"), ('""', "nothing between"), ("€€", "no word"),
        ("gaz AND OR russe", "between two words"), (" ".join(["mot"] * 65), "more than 64"),
    ],
)  # fmt: skip
def test_a_malformed_query_is_told_with_what_is_wrong(store: Store, query: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        list(store.search(query))


@given(st.text(alphabet='agz é"«»“”()*-+^:{}\\;\x00\n\ud7ff🌉œOR ANDNOT', max_size=30))
def test_any_text_is_a_query_or_told_to_be_none(store: Store, query: str) -> None:
    try:
        hits = list(store.search(query))
    except QueryError:
        return
    assert all(hit.words for hit in hits)


@given(st.text(max_size=30))
def test_whatever_is_typed_never_reaches_the_filters(query: str) -> None:
    try:
        expression = to_fts(query, column="words")
    except QueryError:
        return
    assert expression.startswith("words : (")
    assert expression.count('"') % 2 == 0


@pytest.mark.parametrize(
    ("asked", "articles"),
    [
        ({"speaker": "Roy"}, "ab"), ({"speaker": "ana roy"}, "ab"), ({"speaker": "Loukachenko"}, "cd"),
        ({"speaker": "Лукашенко"}, "cd"), ({"speaker": "Lukashenko"}, "cd"), ({"speaker": "Bart"}, "ef"),
        ({"speaker": "Luc Bart"}, "e"), ({"speaker": "nobody"}, ""), ({"speaker": "?"}, ""), ({"act": "deny"}, "d"),
        ({"type": "direct"}, "b"), ({"kind": "attitude"}, "e"), ({"negated": True}, "d"), ({"negated": False}, "abcef"),
        ({"language": "en"}, "d"), ({"outlet": "afp"}, "b"), ({"outlet": "Le Monde"}, ""),
        ({"after": "2022-12"}, "abdf"),
        ({"before": "2022-12"}, "abc"), ({"after": "2022-12-15", "before": "2022-12-15"}, "b"),
        ({"after": "2023"}, "df"),
        ({"after": "2022", "before": "2022"}, "abc"), ({"before": "2021"}, ""), ({}, "abcdef"),
        ({"speaker": "Roy", "type": "direct", "after": "2022-12-02"}, "b"),
    ],
)  # fmt: skip
def test_filters_narrow(store: Store, asked: dict[str, Any], articles: str) -> None:
    assert found(store, None, **asked) == articles


def test_words_and_filters_go_together(store: Store) -> None:
    assert found(store, "missile*", speaker="Loukachenko", act="deny", after="2022-12-01") == "d"
    assert found(store, "missile*", speaker="Roy") == ""


@pytest.mark.parametrize("value", ["soon", "2022-13", "2022-02-30", "12/2022", "20221"])
def test_a_date_that_is_none_is_told(store: Store, value: str) -> None:
    with pytest.raises(QueryError, match="no date"):
        list(store.search(None, Filters(after=value)))


def test_order_is_by_date_or_by_relevance(store: Store) -> None:
    newest = [hit.article for hit in store.search()]
    assert newest == ["d", "f", "b", "a", "c", "e"]  # f in UTC on the first of January; e without date
    assert [hit.article for hit in store.search(order="oldest")] == newest[::-1]
    assert {hit.article for hit in store.search("gaz", order="relevance")} == {"e", "f"}
    with pytest.raises(QueryError, match="relevance"):
        list(store.search(order="relevance"))


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_join_without_gap_or_double(store: Store, order: Any) -> None:
    seen: list[str] = []
    last = None
    while page := list(store.search(order=order, limit=2, after_key=last)):
        seen += [hit.article for hit in page]
        last = page[-1].key
    assert seen == [hit.article for hit in store.search(order=order)]


def test_a_hit_stands_in_its_context(store: Store) -> None:
    (hit,) = store.search("tampon")
    assert hit.before.endswith("Ana Roy a déclaré ")
    assert hit.after == ", hier soir à b."
    assert (hit.type, hit.speaker, hit.outlet, hit.confidence) == ("direct", "Ana Roy", "AFP", 0.87)


def test_rows_are_plain(store: Store) -> None:
    (row,) = store.rows("tampon")
    assert type(row) is dict
    assert row["words"] == SAID["b"]


def test_a_statement_of_several_spans_is_found_by_all_of_them(tmp_path: Path) -> None:
    from onrecord.types import Unknown
    from tests.storing import span

    text = "« Le pont, a-t-il dit, rouvrira »"
    one = statement(text, "pont", Unknown("no_antecedent"), content=(span(text, "« Le pont"), span(text, "rouvrira »")))
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([record("a", text, [one])])
        (hit,) = store.search("pont rouvrira")
        assert (hit.words, hit.unknown, hit.speaker) == ("« Le pont … rouvrira »", "no_antecedent", None)
        assert list(store.search("dit")) == []
