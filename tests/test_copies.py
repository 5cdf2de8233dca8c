"""Copies: what is one statement reported several times is linked, and what only sounds alike is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.copies import measure, planted
from onrecord.store import Store
from onrecord.store.copies import alike, carriers, link, original_of, words_in
from onrecord.types import Article, MadeBy, Record, Span, Speaker, Statement, digest, quoted, statement_id

MADE_BY = MadeBy(onrecord="0", reader="hand", pack="none", weights=None, settings="none")
STORY = (
    "Le port restera fermé\n\nLa préfète Anne Marchal a annoncé lundi la fermeture du port jusqu'à nouvel ordre. {0}, a"
    " déclaré Anne Marchal devant la presse. Les pêcheurs attendent une réponse de l'assureur depuis trois semaines et"
    " demandent que l'État avance les sommes promises après la tempête d'octobre.\n"
)
WORDS = "« Personne ne prendra la mer tant que la digue ne sera pas consolidée »"


def record(  # noqa: PLR0913 - what an article with one quotation has
    id: str, text: str, said: str, *, who: str = "Anne Marchal", published: str, outlet: str
) -> Record:
    """An article with one quotation."""
    sha256 = digest(text)
    at = text.index(said)
    statement = Statement(
        id="", content=(Span(at, at + len(said)),), cue=(), source=(), speaker=Speaker(name=who, type="person"),
        type="direct", kind="speech", act="assert", negated=False, parent=None, addressee=(), occasion=(), when=(),
        confidence=0.9, reasons=(),
    )  # fmt: skip
    import msgspec

    statement = msgspec.structs.replace(statement, id=statement_id(sha256, statement))
    article = Article(id=id, text=text, language="fr", sha256=sha256, outlet=outlet, published=published)
    return Record(article=article, statements=(statement,), speakers=quoted([statement]), made_by=MADE_BY)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s.db", create=True)


def rows(store: Store) -> list[tuple[str, str, int]]:
    return [
        (copy, original, changed)
        for copy, original, changed in store.connection.execute(
            "SELECT article, original_article, changed FROM copy_list"
        )
    ]


def test_a_reprint_is_a_copy_of_the_one_published_first(store: Store) -> None:
    later = record("b", "En bref\n\n" + STORY.format(WORDS), WORDS, published="2026-11-11", outlet="Le Courrier")
    first = record("a", STORY.format(WORDS), WORDS, published="2026-11-10T09:00:00+02:00", outlet="Agence")
    store.write([later])
    store.write([first])
    assert link(store.connection).statements == 1
    assert rows(store) == [("b", "a", 0)]
    assert [c.outlet for c in carriers(store.connection, original_of(store.connection, key(store, "b")))] == [
        "Agence",
        "Le Courrier",
    ]


def key(store: Store, article: str) -> int:
    (found,) = store.connection.execute(
        "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
        " JOIN article AS a ON a.key = r.article WHERE a.id = ?",
        (article,),
    ).fetchone()
    return int(found)


def test_who_changed_the_words_is_told(store: Store) -> None:
    other = WORDS.replace("consolidée", "renforcée")
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", STORY.format(other), other, published="2026-11-11", outlet="Le Courrier"),
        ]
    )
    assert link(store.connection).changed == 1
    assert rows(store) == [("b", "a", 1)]


def test_other_marks_change_no_words(store: Store) -> None:
    other = WORDS.replace("« ", "“").replace(" »", "”")
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", STORY.format(other), other, published="2026-11-11", outlet="Le Courrier"),
        ]
    )
    link(store.connection)
    assert rows(store) == [("b", "a", 0)]


def test_a_quotation_taken_over_into_another_article_is_a_copy(store: Store) -> None:
    text = f"Tempête : le point\n\nUn autre sujet d'abord. {WORDS}, a dit la préfète. Puis le reste de la journée.\n"
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", text, WORDS, published="2026-11-12", outlet="Le Courrier"),
        ]
    )
    link(store.connection)
    assert rows(store) == [("b", "a", 0)]
    assert store.connection.execute("SELECT count(*) FROM article_copy").fetchone() == (0,)


@pytest.mark.parametrize(
    ("who", "published"), [("Paul Renaud", "2026-11-11"), ("Anne Marchal", "2026-12-11")], ids=["other", "later"]
)
def test_the_same_words_of_somebody_else_or_a_month_later_are_no_copy(store: Store, who: str, published: str) -> None:
    text = f"Tempête : le point\n\nUn autre sujet d'abord. {WORDS}, a dit {who}. Puis le reste de la journée.\n"
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", text, WORDS, who=who, published=published, outlet="Le Courrier"),
        ]
    )
    link(store.connection)
    assert rows(store) == []


def test_linking_again_and_in_another_order_gives_the_same(tmp_path: Path) -> None:
    made = [
        record(f"a{n}", f"Édition {n}\n\n" + STORY.format(WORDS), WORDS, published=f"2026-11-1{n}", outlet=f"O{n}")
        for n in range(4)
    ]
    found = []
    for number, order in enumerate((made, made[::-1])):
        with Store(tmp_path / f"{number}.db", create=True) as store:
            store.write(order)
            link(store.connection)
            link(store.connection)
            found.append(rows(store))
    assert found[0] == found[1] == [("a1", "a0", 0), ("a2", "a0", 0), ("a3", "a0", 0)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("le pont rouvrira avant la fin de l'été", "le pont rouvrira avant la fin de l'été", True),
        ("le pont rouvrira bien avant la fin de l'été", "Le pont rouvrira avant la fin de l'été !", True),
        ("le pont rouvrira avant la fin de l'été", "le pont fermera après la fin de l'hiver", False),
        ("nous ne partirons pas", "nous ne partirons jamais d'ici sans réponse", False),
    ],
)
def test_light_editing_is_told_from_other_words(one: str, other: str, same: bool) -> None:
    assert alike(words_in(one), words_in(other)) is same


def test_planted_reprints_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    precision, recall = measure(planted(random.Random(3)))
    assert precision >= 0.98
    assert recall >= 0.9
    assert "copies planted" in capsys.readouterr().out


def test_search_shows_a_statement_once_with_how_many_carried_it_and_who_was_first(store: Store) -> None:
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", "En bref\n\n" + STORY.format(WORDS), WORDS, published="2026-11-11", outlet="Le Courrier"),
            record("c", "Le point\n\n" + STORY.format(WORDS), WORDS, published="2026-11-12", outlet="La Gazette"),
        ]
    )
    assert [hit.article for hit in store.search("digue")] == ["c", "b", "a"]
    store.link_copies()
    (hit,) = store.search("digue")
    assert (hit.article, hit.copies, hit.first_article, hit.first_outlet) == ("c", 2, "a", "Agence")
    (oldest,) = store.search("digue", order="oldest", limit=5)
    assert (oldest.article, oldest.copies, oldest.first_article) == ("a", 2, None)
    assert [one.article for one in store.search("digue", fold=False)] == ["c", "b", "a"]
    assert [one.article for one in store.carriers(hit)] == ["a", "b", "c"]


def test_erasing_the_first_carrier_leaves_the_others(store: Store) -> None:
    store.write(
        [
            record("a", STORY.format(WORDS), WORDS, published="2026-11-10", outlet="Agence"),
            record("b", "En bref\n\n" + STORY.format(WORDS), WORDS, published="2026-11-11", outlet="Le Courrier"),
        ]
    )
    store.link_copies()
    store.erase_article("a", reason="request")
    (hit,) = store.search("digue")
    assert (hit.article, hit.copies, hit.first_article) == ("b", 0, None)
    assert store.verify().problems == ()
