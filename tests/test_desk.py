"""Records: what a desk promises of every text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Article, Desk, OnRecordError, Record, Settings
from onrecord.errors import SettingsError
from onrecord.language.pack import Pack
from onrecord.reading.tokens import Tokens
from onrecord.types import Draft, Span, digest

NEWS = st.lists(
    st.sampled_from(
        [
            "Paul Roy a déclaré que la digue tiendrait.", "« Elle tiendra », a-t-il ajouté.", "Selon Inès Kadi,",
            "« ", " »", 'l"économie', "— Oui, dit-elle.", "\n", "il", "qui", "“Yes,” said Tom.", "a dit", ",", ".",
            "M.", "\u202e", "\x00", "ministre", "The ministry said", "that", "\ud800", "𝔘", "e\u0301", " ", "que",
        ]
    ),
    max_size=25,
).map(" ".join)  # fmt: skip


def article(text: str, language: str = "fr") -> Article:
    return Article(id="a", text=text, language=language, sha256=digest(text))


def spans_of(record: Record) -> list[tuple[int, int]]:
    spans = []
    for s in record.statements:
        for role in (s.content, s.cue, s.source, s.addressee, s.occasion, s.when):
            spans += [(span.start, span.end) for span in role]
        spans += [(r.span.start, r.span.end) for r in s.reasons if r.span is not None]
    for speaker in record.speakers:
        spans += [(span.start, span.end) for span in speaker.mentions]
        spans += [(span.start, span.end) for span in (speaker.named_at, speaker.office) if span is not None]
    return spans


@pytest.mark.parametrize("reader", ["rules", "tagger"])
@given(text=st.one_of(NEWS, st.text(max_size=200)), language=st.sampled_from(["fr", "en"]))
def test_every_span_of_every_record_lies_in_the_text_and_reading_is_deterministic(
    reader: str, text: str, language: str
) -> None:
    desk = DESKS[reader]
    record = desk.read(article(text, language))
    assert all(0 <= start < end <= len(text) for start, end in spans_of(record))
    assert all(text[a:b].strip() for a, b in spans_of(record))
    assert len({statement.id for statement in record.statements}) == len(record.statements)
    assert {s.parent for s in record.statements} <= {None, *(s.id for s in record.statements)}
    assert desk.read(article(text, language)) == record


DESKS = {reader: Desk(Settings(reader=reader)) for reader in ("rules", "tagger")}

TEXT = "« Le pont rouvrira », a dit Paul Roy. Selon Marc Duc, le pont restera fermé."


def test_a_record_says_what_made_it() -> None:
    made_by = DESKS["rules"].read(article(TEXT)).made_by
    assert (made_by.reader, made_by.weights, made_by.pack[:3]) == ("rules", None, "fr@")
    assert DESKS["tagger"].read(article(TEXT)).made_by.weights is not None


def test_ids_depend_on_text_and_spans_alone() -> None:
    one = DESKS["rules"].read(article(TEXT))
    other = Desk(Settings(reader="rules")).read(Article(id="b", text=TEXT, language="fr", sha256=digest(TEXT)))
    assert [s.id for s in one.statements] == [s.id for s in other.statements]
    assert len(one.statements) == 2


def test_min_confidence_leaves_statements_out_and_frees_those_nested_in_them() -> None:
    everything = DESKS["rules"].read(article(TEXT))
    most = max(s.confidence for s in everything.statements)
    few = Desk(Settings(reader="rules", min_confidence=most)).read(article(TEXT))
    assert {s.id for s in few.statements} == {s.id for s in everything.statements if s.confidence >= most}


def test_what_was_nested_in_a_statement_left_out_stands_by_itself() -> None:
    class Nested:
        name, weights = "nested", None

        def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
            outer, inner = Draft(content=(Span(0, 20),), confidence=0.2), Draft(content=(Span(2, 10),), parent=0)
            return [[outer, inner] for _ in batch]

    (whole, nested) = Desk(reader=Nested()).read(article(TEXT)).statements
    assert nested.parent == whole.id
    (alone,) = Desk(Settings(min_confidence=0.4), reader=Nested()).read(article(TEXT)).statements
    assert (alone.id, alone.parent) == (nested.id, None)


def test_the_language_is_identified_or_the_text_refused() -> None:
    assert DESKS["rules"].read_text(TEXT).article.language == "fr"
    with pytest.raises(OnRecordError, match="language"):
        DESKS["rules"].read_text("Der Minister hat in Berlin gesagt, dass das Gesetz kommen werde und gut sei.")


def test_articles_are_read_in_order_however_many_there_are() -> None:
    articles = [article(f"Paul Roy a déclaré que le pont {n} rouvrirait.") for n in range(70)]
    assert [record.article for record in DESKS["rules"].read_many(iter(articles))] == articles


def test_a_given_reader_does_not_read_on_several_cores() -> None:
    desk = Desk(reader=DESKS["rules"].reader)
    assert len(list(desk.read_many([article(TEXT)]))) == 1
    with pytest.raises(SettingsError, match="one core"):
        desk.read_many([article(TEXT)], cores=2)


def test_an_empty_text_and_an_unknown_scheme_are_named() -> None:
    with pytest.raises(OnRecordError, match="empty"):
        DESKS["rules"].read_text(" \n", language="fr")
    with pytest.raises(SettingsError, match="onrecord, polnear"):
        Settings(scheme="ours")  # type: ignore[arg-type]


def test_an_unknown_reader_is_named_with_the_known_ones() -> None:
    with pytest.raises(OnRecordError, match='"tagger", "rules"'):
        Desk(Settings(reader="oracle")).read(article(TEXT))


def test_several_cores_read_the_same_in_the_same_order() -> None:
    articles = [
        Article(id=str(n), text=text, language="fr", sha256=digest(text))
        for n in range(70)
        if (text := f"Le pont {n} rouvrira bientôt, a déclaré Ana Roy.")
    ]
    desk = Desk(Settings(reader="rules"))
    assert list(desk.read_many(articles, cores=2)) == list(desk.read_many(articles))
