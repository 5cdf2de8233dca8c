"""Which language a text is in, offline.

Long texts are known by their commonest words alone; what these leave open goes to py3langid. The detour is worth
it: loading that model takes half a second and 140 MB, counting words a tenth of a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Characters looked at. The language of a news text shows in its first lines; the rest only costs time.
PREFIX_CHARS = 1500

# The common words of a language decide alone when they are this share of at least this many words. Measured on the
# first 2,000 characters of 4,700 articles in ten languages: 0.15 to 0.39 of the words in French articles, 0.18 to 0.48
# in English ones, never above 0.10 in an article in another language (the nearest: Portuguese and Spanish).
MIN_SHARE = 0.18
MIN_WORDS = 30
MIN_DISTINCT = 8  # a refrain or a table of one word is no evidence

# Labels of the model without an ISO 639-1 code are seldom written in the press (Nigerian Pidgin, creoles, dialects) and
# take short headlines from their large neighbours; one of them wins only when the model is this sure. On 400 English
# sentences nine were taken for Pidgin, none of them with more than 0.76.
SURE_OF_RARE = 0.9

WORD = re.compile(r"[^\W\d_]+")  # a run of letters
NO_LANGUAGE = "zxx"  # the model's label for text in no language: numbers, code, addresses


def identify(text: str, *, among: Sequence[str]) -> str | None:
    """ISO 639-1 code of the language of a text; None when it is in none of `among`, or in no language at all."""
    prefix = _prefix(text)
    code = _by_common_words(prefix, among) or _by_model(prefix, among)
    return code if code in among else None


def language_of(text: str) -> str | None:
    """Code of the language of a text, whichever it is; None when it is in no language at all."""
    return _by_model(_prefix(text), ())


def _prefix(text: str) -> str:
    """The characters to look at; capitals lowered where nothing else is written, as in a headline."""
    prefix = text[:PREFIX_CHARS]
    return prefix.lower() if prefix.isupper() else prefix


def _by_common_words(prefix: str, among: Sequence[str]) -> str | None:
    """The one language of `among` whose common words the text is full of; None leaves the question open."""
    words = WORD.findall(prefix.lower())
    if len(words) < MIN_WORDS:
        return None
    found = [code for code in among if _is_full_of(words, common_words(code))]
    return found[0] if len(found) == 1 else None


def _is_full_of(words: list[str], common: frozenset[str]) -> bool:
    hits = [word for word in words if word in common]
    return len(hits) >= MIN_SHARE * len(words) and len(set(hits)) >= MIN_DISTINCT


@cache
def common_words(code: str) -> frozenset[str]:
    """Words that are common in a language and rare in its neighbours; empty for a language without such a list."""
    if not code.isalpha():
        return frozenset()
    file = files(__package__).joinpath("common_words", f"{code}.txt")
    return frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()


def _by_model(prefix: str, among: Sequence[str]) -> str | None:
    if WORD.search(prefix) is None:
        return None
    ranking = _identifier().rank(prefix)
    best, confidence = ranking[0]
    if best == NO_LANGUAGE:
        return None
    if len(best) == 2 or best in among or confidence >= SURE_OF_RARE:
        return str(best)
    return next(str(code) for code, _ in ranking if len(code) == 2)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
