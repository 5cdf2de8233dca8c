"""Contents put right by the marks around them."""

from __future__ import annotations

import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.marks import find_quotations
from onrecord.reading.quoted import behind_colon, whole_quotation
from onrecord.reading.tokens import tokenise
from onrecord.types import Span


def runs(text: str, *words: str) -> list[tuple[int, int]]:
    """The tokens of words, as runs."""
    tokens = tokenise(text, load_pack("fr"))
    spans = (Span(text.index(part), text.index(part) + len(part)) for part in words)
    return [(first, stop - 1) for first, stop in map(tokens.range_of, spans)]


def test_a_quotation_without_cue_is_all_that_its_marks_hold() -> None:
    text = "Elle parle. « Un.\nDeux.\nTrois. » Puis rien."
    tokens = tokenise(text, load_pack("fr"))
    quotations = find_quotations(tokens, load_pack("fr"))
    ((first, last),) = runs(text, "« Un.\nDeux.\nTrois. »")
    assert whole_quotation(first, runs(text, "« Un."), quotations) == [(first, last)]


def test_an_open_quotation_stays_as_it_was_found() -> None:
    text = "Elle parle. « Un, deux."
    tokens = tokenise(text, load_pack("fr"))
    found = runs(text, "« Un")
    assert whole_quotation(found[0][0], found, find_quotations(tokens, load_pack("fr"))) == found


@pytest.mark.parametrize(
    ("content", "cue", "kept"),
    [
        ("au sud de la ville : « Il faut réussir »", "a-t-il dit", "« Il faut réussir »"),
        ("« Il faut réussir »", "a-t-il dit", "« Il faut réussir »"),
        ("au sud de la ville : « Il faut réussir »", "Elle annonce", "au sud de la ville : « Il faut réussir »"),
    ],
)
def test_what_leads_to_the_marks_is_no_content_where_the_cue_follows(content: str, cue: str, kept: str) -> None:
    text = "Elle annonce au sud de la ville : « Il faut réussir », a-t-il dit."
    tokens = tokenise(text, load_pack("fr"))
    quotations = find_quotations(tokens, load_pack("fr"))
    assert behind_colon(tokens, runs(text, content), runs(text, cue), quotations) == runs(text, kept)
