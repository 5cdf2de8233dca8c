"""Quotation marks in real text."""

from __future__ import annotations

import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.marks import find_quotations
from onrecord.reading.tokens import tokenise


def quotations(text: str, code: str = "fr") -> list[tuple[str, int, bool]]:
    pack = load_pack(code)
    tokens = tokenise(text, pack)
    return [
        (text[tokens.starts[q.first] : tokens.ends[q.last]], q.level, q.closed) for q in find_quotations(tokens, pack)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il dit : « Oui. »", [("« Oui. »", 1, True)]),
        ("« A “b” c »", [("« A “b” c »", 1, True), ("“b”", 2, True)]),
        ('Elle a dit "oui" puis "non".', [('"oui"', 1, True), ('"non"', 1, True)]),
        ('l"économie va mal', []),
        ('Une planche de 6" de large.', []),
        ("L'homme d'Anne n'a rien dit.", []),
        ("Rien » n'est ouvert ici.", []),
        ("« Ouvert et jamais fermé.\nLa suite.", [("« Ouvert et jamais fermé.", 1, False)]),
        ("« Un.\nDeux.\nTrois », dit-il.", [("« Un.\nDeux.\nTrois »", 1, True)]),
        ("« Un.\nDeux « trois », quatre. »", [("« Un.\nDeux « trois », quatre. »", 1, True), ("« trois »", 2, True)]),
        ('"Un.\nDeux", dit-il.', [('"Un.\nDeux"', 1, True)]),
        ("« Un.\n« Deux », dit-il.", [("« Un.", 1, False), ("« Deux »", 1, True)]),
        ("„Ja“, sagt er.", [("„Ja“", 1, True)]),
    ],
)
def test_quotations_of_a_text(text: str, expected: list[tuple[str, int, bool]]) -> None:
    assert quotations(text) == expected


def test_english_single_marks_and_apostrophes_are_told_apart() -> None:
    text = "The workers' leader said: 'We won't go.'"
    assert quotations(text, "en") == [("'We won't go.'", 1, True)]


def test_an_unclosed_quotation_does_not_swallow_the_next_paragraph() -> None:
    text = '"Never closed, he said.\nAnother paragraph "closed".'
    assert quotations(text, "en") == [('"Never closed, he said.', 1, False), ('"closed"', 1, True)]


def test_two_lines_with_a_dash_are_a_dialogue_and_one_is_not() -> None:
    pack = load_pack("fr")
    two = tokenise("— Vous partez demain ?\n— Non, je reste ici.", pack)
    one = tokenise("— Vous partez demain ?\nIl se tait.", pack)
    assert [q.kind for q in find_quotations(two, pack)] == ["dash", "dash"]
    assert find_quotations(one, pack) == []
