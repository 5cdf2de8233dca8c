"""What a store tells at a glance: facets of answers, the profile of a speaker, shares with their intervals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from onrecord.store import Filters, Store
from onrecord.store.facets import facets
from onrecord.store.overview import COLUMNS, counts_within
from onrecord.store.shares import Share, share, wilson
from tests.storing import record, said, speaker, statement


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.db", create=True) as one:
        one.write(
            [
                said("a", "Ana Roy", "que le pont rouvrira", published="2026-01-05", outlet="AFP"),
                said("b", "Ana Roy", "que le pont tient", published="2026-02-05", outlet="AFP", of={"act": "deny"}),
                said("c", "Luc Bart", "que Ana Roy a tort", published="2026-02-06", outlet="Le Soir"),
                said("d", "Luc Bart", "que le temps passe"),
            ]
        )
        yield one


def test_answers_fall_into_sorts(store: Store) -> None:
    found = store.facets("pont")
    assert (found.counted, found.whole) == (2, True)
    told = {sort: [(one.value, one.statements) for one in values] for sort, values in found.sorts.items()}
    assert told == {
        "speaker": [("Ana Roy", 2)],
        "act": [("assert", 1), ("deny", 1)],
        "type": [("indirect", 2)],
        "outlet": [("AFP", 2)],
        "language": [("fr", 2)],
        "month": [("2026-02", 1), ("2026-01", 1)],
    }
    whole = store.facets(None, Filters(after="2026-02"))
    assert {one.value: one.statements for one in whole.sorts["outlet"]} == {"AFP": 1, "Le Soir": 1}


def test_no_filter_is_taken_for_a_part_of_the_question(store: Store) -> None:
    for odd in ('fr" OR "en', '"', "fr*", "a:b"):
        assert store.facets(None, Filters(language=odd, outlet=odd, speaker=odd)).counted == 0


def test_facets_say_when_they_are_of_the_newest_only(store: Store) -> None:
    found = facets(store.connection, None, Filters(), most=2)
    assert (found.counted, found.whole) == (2, False)
    assert [one.value for one in found.sorts["month"]] == ["2026-02"]
    assert store.facets("nothing").counted == 0


def test_a_value_that_a_facet_names_finds_what_it_counts(store: Store) -> None:
    for sort, values in store.facets().sorts.items():
        for one in values:
            asked: dict[str, Any] = dict.fromkeys(("after", "before") if sort == "month" else (sort,), one.value)
            assert len(list(store.search(None, Filters(**asked), fold=False))) == one.statements, (sort, one)


def test_a_speaker_at_a_glance(store: Store) -> None:
    found = store.profile("Roy")
    assert found.months == (("2026-01", {"assert": 1}), ("2026-02", {"deny": 1}))
    assert found.outlets == (("AFP", 2),)
    assert store.profile("Luc Bart").about == (("Ana Roy", 1),)
    assert store.profile("Nobody").counted == 0


def test_a_profile_leaves_out_what_was_judged_wrong(store: Store) -> None:
    first, second = store.search(None, Filters(speaker="Roy"))
    store.judge(first.key, "rejected", who="me")
    assert store.profile("Roy").counted == 1
    last = store.judge(second.key, "speaker", who="me", speaker="Luc Bart")
    assert store.profile("Roy").counted == 0
    store.undo(last)
    assert store.profile("Roy").counted == 1


def test_a_profile_counts_a_copy_once(store: Store) -> None:
    words = "que le pont rouvrira avant la fin de cet été et pas un seul jour plus tard"
    text = f"Eva Lund a dit : {words}."
    for number, outlet in enumerate(("AFP", "Le Soir")):
        one = statement(text, words, speaker(text, "Eva Lund"), type="direct")
        store.write([record(f"e{number}", text, [one], published="2026-03-01", outlet=outlet)])
    assert store.profile("Eva Lund").counted == 2
    store.link_copies()
    assert store.profile("Eva Lund").counted == 1


def test_the_overview_counts_names_offices_and_what_is_within(store: Store) -> None:
    text = "La maire, Eva Lund, a dit non."
    office = speaker(text, "Eva Lund", office=statement(text, "maire", speaker(text, "Eva Lund")).content[0])
    store.write([record("e", text, [statement(text, "non", office)], published="2026-03-01", outlet="AFP")])
    assert {one.value: one.statements for one in store.counts("office")} == {"": 4, "maire": 1}
    assert store.counts("speaker")[0].statements == 2
    assert store.counts("act", Filters(outlet="afp"))[0].right == pytest.approx(2 * 0.87)
    together = store.all_counts()
    assert set(together) == set(COLUMNS)
    for by, found in together.items():
        one = [(count.value, count.statements, round(count.right, 6)) for count in store.counts(by)]
        assert [(count.value, count.statements, round(count.right, 6)) for count in found] == one, by
    assert store.all_counts(Filters(speaker="Roy"))["act"] == store.counts("act", Filters(speaker="Roy"))
    within = counts_within(store.connection, Filters(), "month", "act", "deny")
    assert [(all.value, all.statements, some.statements) for all, some in within] == [
        ("", 1, 0), ("2026-01", 1, 0), ("2026-02", 2, 1), ("2026-03", 1, 0),
    ]  # fmt: skip


def test_an_interval_is_as_wilson_gives_it_where_nothing_is_wrong() -> None:
    for sorts in (None, 3):
        found = share(sort=10, sort_right=10, all=100, all_right=100, sorts=sorts)
        assert (found.low, found.high) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 10)[0] == 0
    assert share(sort=0, sort_right=0, all=0, all_right=0, sorts=3).value is None
    wrong = share(sort=40, sort_right=36, all=100, all_right=90, sorts=3)
    assert (wrong.low, wrong.high) == pytest.approx((0.2728, 0.5229), abs=1e-3)


def ends(one: Share) -> tuple[float, float, float]:
    assert one.low is not None
    assert one.value is not None
    assert one.high is not None
    assert 0 <= one.low <= one.value <= one.high <= 1
    return one.low, one.value, one.high


@given(some.lists(some.tuples(some.booleans(), some.floats(0, 1)), min_size=1, max_size=40), some.integers(2, 12))
def test_an_interval_holds_the_share_however_statements_are_wrong(found: list[tuple[bool, float]], sorts: int) -> None:
    here = [confidence for is_of_it, confidence in found if is_of_it]
    wrong_here, all = sum(1 - confidence for confidence in here), len(found)
    wrong_elsewhere = sum(1 - confidence for is_of_it, confidence in found if not is_of_it)
    sums: dict[str, Any] = {
        "sort": len(here),
        "sort_right": sum(here),
        "all": all,
        "all_right": sum(c for _, c in found),
    }
    decided, given_ = share(**sums, sorts=sorts), share(**sums, sorts=None)
    low, value, high = ends(decided)
    least, same, most = ends(given_)
    assert value == same
    for leaving in (0.0, 0.5, 1.0):  # of the wrong ones on either side, the share that belongs on the other, or is none
        for coming in (0.0, 0.5, 1.0):
            moved = wrong_elsewhere * coming * max(len(here) / all, 1 / sorts)
            assert low - 1e-9 <= (len(here) - leaving * wrong_here + moved) / all <= high + 1e-9
            kept = len(here) - leaving * wrong_here
            others = all - len(here) - coming * wrong_elsewhere
            if kept + others > 1e-9:
                assert least - 1e-9 <= kept / (kept + others) <= most + 1e-9
