"""Tokens, sentences and paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.language.loader import load_pack
from onrecord.reading.tokens import tokenise
from onrecord.types import Span


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("fr", "L'État n’a-t-il rien dit ?", ["L'", "État", "n’", "a", "-t-il", "rien", "dit", "?"]),
        ("fr", "aujourd'hui, M. Roy", ["aujourd'hui", ",", "M.", "Roy"]),
        ("fr", "1 600 euros et 3,5 %", ["1", "600", "euros", "et", "3,5", "%"]),
        ("fr", "combat.Loukachenko a dit", ["combat", ".", "Loukachenko", "a", "dit"]),
        ("en", "She didn't say it's over.", ["She", "didn't", "say", "it", "'s", "over", "."]),
        ("en", "George W. Bush of the U.S. Army", ["George", "W.", "Bush", "of", "the", "U.S.", "Army"]),
        ("en", "al-Assad's well-known view", ["al-Assad", "'s", "well-known", "view"]),
    ],
)
def test_words_of_a_text(code: str, text: str, words: list[str]) -> None:
    assert tokenise(text, load_pack(code)).words == words


@pytest.mark.parametrize(
    ("code", "text", "sentences"),
    [
        ("fr", "Il part. Elle reste.", ["Il part.", "Elle reste."]),
        ("fr", "M. Roy part. Elle reste.", ["M. Roy part.", "Elle reste."]),
        ("fr", "« Il part. » Elle reste.", ["« Il part. »", "Elle reste."]),
        ("fr", "un combat.Elle reste.", ["un combat.", "Elle reste."]),
        ("en", 'He left. "I stay," she said.', ["He left.", '"I stay," she said.']),
        ("en", "George W. Bush left. He won.", ["George W. Bush left.", "He won."]),
    ],
)
def test_sentences_of_a_text(code: str, text: str, sentences: list[str]) -> None:
    tokens = tokenise(text, load_pack(code))
    assert [text[tokens.starts[a] : tokens.ends[b - 1]] for a, b in tokens.sentences] == sentences


@given(st.text(max_size=300))
def test_every_character_that_is_not_white_space_is_in_exactly_one_token(text: str) -> None:
    tokens = tokenise(text, load_pack("fr"))
    covered = [i for a, b in zip(tokens.starts, tokens.ends, strict=True) for i in range(a, b)]
    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[a:b] == word for a, b, word in zip(tokens.starts, tokens.ends, tokens.words, strict=True))


@given(st.text(max_size=200))
def test_sentences_and_paragraphs_part_the_tokens(text: str) -> None:
    tokens = tokenise(text, load_pack("en"))
    for parts in (tokens.sentences, tokens.paragraphs):
        assert [i for first, last in parts for i in range(first, last)] == list(range(len(tokens)))


def test_the_tokens_that_a_span_touches() -> None:
    tokens = tokenise("Il a dit oui.", load_pack("fr"))
    assert tokens.range_of(Span(3, 8)) == (1, 3)
    assert tokens.range_of(Span(2, 3)) == (1, 1)
