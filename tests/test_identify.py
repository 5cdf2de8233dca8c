"""Which language a text is in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.language.identify import common_words, identify, language_of

SENTENCES = {
    "fr": "La maire a promis de rouvrir la piscine avant l'été.",
    "en": "The mayor promised to reopen the swimming pool before summer.",
    "de": "Die Bürgermeisterin versprach, das Schwimmbad vor dem Sommer wieder zu öffnen.",
    "es": "La alcaldesa prometió reabrir la piscina antes del verano.",
    "it": "La sindaca ha promesso di riaprire la piscina prima dell'estate.",
    "pt": "A prefeita prometeu reabrir a piscina antes do verão.",
    "nl": "De burgemeester beloofde het zwembad voor de zomer te heropenen.",
    "ca": "L'alcaldessa ha promès reobrir la piscina abans de l'estiu.",
    "ro": "Primărița a promis că va redeschide piscina înainte de vară.",
    "ru": "Мэр пообещала вновь открыть бассейн до начала лета.",
    "ar": "وعدت رئيسة البلدية بإعادة فتح المسبح قبل الصيف.",
    "pl": "Burmistrz obiecała ponownie otworzyć basen przed latem.",
}

FRENCH = (
    "La maire de Rochebrune a annoncé mardi que les travaux du tramway ne commenceront pas cette année. Elle a dit "
    "devant le conseil que la ville n'avait pas le premier euro, et que l'État n'avait pas tenu ses promesses. "
    "L'opposition dénonce un revirement et demande que les comptes soient publiés avant la fin du mois."
)
ENGLISH = (
    "The mayor of Stanbridge said on Tuesday that work on the tramway would not begin this year. She told the council "
    "that the town did not have the money, and that the government had broken its promises. Opposition members said "
    "they had been misled and asked for the accounts to be published before the end of the month."
)


@pytest.mark.parametrize("code", SENTENCES)
def test_one_sentence_is_enough(code: str) -> None:
    assert identify(SENTENCES[code], among=tuple(SENTENCES)) == code


@pytest.mark.parametrize("code", sorted(set(SENTENCES) - {"fr", "en"}))
def test_what_is_neither_french_nor_english_is_neither(code: str) -> None:
    assert identify(SENTENCES[code], among=("fr", "en")) is None
    assert language_of(SENTENCES[code]) == code


@pytest.mark.parametrize(("code", "text"), [("fr", FRENCH), ("en", ENGLISH)])
def test_an_article_is_identified_with_and_without_a_list_of_common_words(code: str, text: str) -> None:
    assert identify(text, among=("fr", "en")) == code
    assert language_of(text) == code


def test_a_language_that_is_not_asked_for_is_not_returned() -> None:
    assert identify(FRENCH, among=("en",)) is None
    assert identify(ENGLISH, among=("fr", "de")) is None


def test_a_headline_in_capitals_is_read() -> None:
    assert identify("LA MAIRE PROMET DE ROUVRIR LA PISCINE AVANT L'ÉTÉ", among=("fr", "en")) == "fr"


@pytest.mark.parametrize("text", ["", " \n", "12 345,67 — 89 %", "…", "\x00", "\ud800"])
def test_a_text_without_words_is_in_no_language(text: str) -> None:
    assert identify(text, among=("fr", "en")) is None


@pytest.mark.parametrize("code", ["fr", "en"])
def test_common_words_are_lower_case_and_told_apart(code: str) -> None:
    words = common_words(code)
    assert len(words) > 80
    assert all(word == word.lower() for word in words)
    assert not common_words("fr") & common_words("en") - {"on", "or", "as", "must"}


def test_a_language_without_a_list_has_no_common_words() -> None:
    assert common_words("eo") == frozenset()
    assert common_words("../fr") == frozenset()


def test_an_article_in_french_or_english_does_not_load_the_model() -> None:
    code = (
        "import sys; from onrecord.language.identify import identify; "
        "assert identify(sys.argv[1], among=('fr', 'en')) == 'fr'; sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, FRENCH], check=False).returncode == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_one_language_or_none(text: str) -> None:
    found = identify(text, among=("fr", "en", "de"))
    assert found in {"fr", "en", "de", None}
    assert identify(text, among=("fr", "en", "de")) == found
