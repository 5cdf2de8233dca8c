"""Whether a predicted name means the speaker that the gold names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from .gold import Entity
from .words import WORD

DETERMINERS = frozenset(("le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "the", "a", "an"))
MIN_OVERLAP = 0.75  # share of words that two descriptions of one speaker, no person, must have in common


def name_words(name: str) -> list[str]:
    """The words of a name without case, accents and determiners: "L'Élysée" → ["elysee"]."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return [word for word in WORD.findall(bare) if word not in DETERMINERS]


def same_speaker(predicted: str | None, name: str | None, entities: Mapping[str, Entity]) -> bool:
    """Whether a predicted name is one for the speaker `name`; two unknowns are the same.

    Yes when it equals the key or an alias; no when it equals those of another. Else a person may be called by any of
    their names that ends in the last word of the fullest, anybody else by words that overlap enough.
    """
    if predicted is None or name is None:
        return predicted is None and name is None
    got = name_words(predicted)
    own = [name_words(known) for known in _known_names(name, entities)]
    if not got or got in own:
        return bool(got)
    others = (known for other in entities if other != name for known in _known_names(other, entities))
    if any(got == name_words(known) for known in others):
        return False
    if name in entities and entities[name].type == "person":
        return _part_of_name(got, own)
    return any(known and _overlap(set(got), set(known)) >= MIN_OVERLAP for known in own)


def fully_named(predicted: str, name: str | None, entities: Mapping[str, Entity]) -> bool:
    """Whether a predicted name holds every word of a person's fullest name; True for all who are no person."""
    if name is None or name not in entities or entities[name].type != "person":
        return True
    return set(name_words(name)) <= set(name_words(predicted))


def _known_names(name: str, entities: Mapping[str, Entity]) -> Iterator[str]:
    yield name
    if name in entities:
        yield from entities[name].aliases


def _part_of_name(got: list[str], own: list[list[str]]) -> bool:
    full = own[0]
    known = {word for words in own for word in words}
    # a last word of one or two letters is an initial or a particle, and names nobody
    return bool(full) and got[-1] == full[-1] and len(got[-1]) > 2 and set(got) <= known


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b)
