"""Keys under which the spellings of one name meet: "Loukachenko", "Lukashenko", "Лукашенко".

A name is put into Latin letters (anyascii), and each word is read once as French and once as English spell foreign
sounds; two names meet where any of their readings do. Coarse on purpose: it proposes, and offices, dates and genders
decide.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

WORD = re.compile(r"[a-z]+")
# What stands for one sound, longest first; capitals are sounds without a letter of their own.
FRENCH = (("chtch", "SC"), ("sch", "S"), ("tch", "C"), ("ch", "S"), ("dj", "J"), ("ou", "u"), ("j", "Z"), ("gu", "g"))
ENGLISH = (("shch", "SC"), ("sch", "S"), ("tch", "C"), ("ch", "C"), ("sh", "S"), ("zh", "Z"), ("j", "J"), ("oo", "u"))
BOTH = (("kh", "h"), ("ph", "f"), ("qu", "k"), ("ck", "k"), ("x", "ks"), ("w", "v"), ("th", "t"))
ENDINGS = (("ine", "in"), ("off", "ov"), ("eff", "ev"), ("ky", "ki"), ("iy", "i"))
ALIKE = 0.85  # share of given names: "Alexandre" and "Alexander" are at 0.89, "Jean" and "Jeanne" at 0.8
ARTICLES = frozenset(("al", "el", "de", "d", "von", "van", "der"))  # come and go between spellings


def words_of(name: str) -> list[str]:
    """The words of a name in Latin letters, lower case, without accents."""
    from anyascii import anyascii

    return WORD.findall(anyascii(name).lower().replace("'", ""))


def keys_of(name: str) -> frozenset[str]:
    """Keys of a whole name, in whichever order its words stand; empty where it has no letter."""
    words = [word for word in words_of(name) if word not in ARTICLES] or words_of(name)
    if not words:
        return frozenset()
    return frozenset(" ".join(sorted(_read(word, sounds) for word in words)) for sounds in (FRENCH, ENGLISH))


def _read(word: str, sounds: tuple[tuple[str, str], ...]) -> str:
    for written, sound in ENDINGS:
        if word.endswith(written) and len(word) > len(written) + 1:
            word = word.removesuffix(written) + sound
    for written, sound in (*sounds, *BOTH):
        word = word.replace(written, sound)
    word = word.replace("y", "i")
    return re.sub(r"(.)\1+", r"\1", word)


def alike(a: str, b: str) -> bool:
    """Whether two whole names of one surname may be one: "Alexandre Loukachenko", "Alexander Lukashenko"."""
    first, second = sorted((words_of(a)[0], words_of(b)[0]), key=len)
    if second.startswith(first):
        return first == second  # "Paul" and "Paula" are two
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def same_office(a: str, b: str) -> bool:
    """Whether two wordings of an office share a word that carries meaning, by its first five letters in Latin script.

    So "ministre de la Santé" meets "Minister of Health", and "boulanger" neither.
    """
    return bool(_stems(a) & _stems(b))


def _stems(office: str) -> set[str]:
    return {word[:5] for word in words_of(office) if len(word) > 3}
