"""Chains: which names of a text mean the same person or body."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from ..types import Gender, SpeakerType
from .mentions import Name
from .tokens import Run, Tokens

LONG_NAME = 8  # words in lower case that a body's name may go on with


class Chain(msgspec.Struct, frozen=True):
    """The names of one speaker in the order of the text."""

    names: tuple[Name, ...]
    fullest: Name  # with the most words; the first of several
    type: SpeakerType
    gender: Gender | None
    offices: tuple[Run, ...]

    def at(self, token: int) -> Name | None:
        """The name that begins with a token."""
        n = bisect_left(self.names, token, key=lambda name: name.first)
        return self.names[n] if n < len(self.names) and self.names[n].first == token else None

    def before(self, token: int) -> Name | None:
        """The last of its names that ends before a token."""
        n = bisect_left(self.names, token, key=lambda name: name.last)
        return self.names[n - 1] if n else None


def chains_of(tokens: Tokens, names: Sequence[Name]) -> list[Chain]:
    """Chains by their first name. "Peskov" joins the only, else the nearest earlier, "… Peskov"."""
    groups = _Groups()
    for name in sorted(names, key=lambda n: (-len(n.words), -len(n.words[0]), n.first)):
        groups.add(name)
    joined = [list(group.values()) for group in groups.all]
    _join_acronyms(tokens, joined)
    chains = [_chain(sorted(group, key=lambda n: n.first)) for group in joined]
    return sorted(chains, key=lambda chain: chain.names[0].first)


Group = dict[int, Name]  # names by their first token


class _Groups:
    """Names that mean the same, while they are put together; looked up by a word, so that long lists stay fast."""

    def __init__(self) -> None:
        self.all: list[Group] = []
        self._by_word: dict[str, list[int]] = {}  # groups in which some name has a word
        self._forms: list[dict[tuple[str, ...], Name]] = []  # of each group, one name of each wording

    def add(self, name: Name) -> None:
        """Puts a name where it belongs; fuller names come first."""
        fitting = [
            g
            for g in self._by_word.get(name.words[-1], ())
            if any(_fits(name, fuller) for fuller in self._forms[g].values())
        ]
        home = fitting[0] if len(fitting) == 1 else self._nearest(name, fitting)
        if home is None:
            home = len(self.all)
            self.all.append({})
            self._forms.append({})
        self.all[home][name.first] = name
        if name.words not in self._forms[home]:
            known = {word for words in self._forms[home] for word in words}
            for word in dict.fromkeys(name.words):
                if word not in known:
                    self._by_word.setdefault(word, []).append(home)
        self._forms[home][name.words] = name

    def _nearest(self, name: Name, groups: Sequence[int]) -> int | None:
        """Of several groups the one named last before; of none that is named before, the first."""
        before = {g: max((first for first in self.all[g] if first < name.first), default=-1) for g in groups}
        return max(groups, key=lambda g: before[g]) if groups else None


def _fits(name: Name, fuller: Name) -> bool:
    """Is the name the fuller one or a part of it: its last words, or the first name alone?"""
    if name.words == fuller.words:
        return True
    if {name.type, fuller.type} & {"country", "organisation"}:
        return False
    own, other = name.words, fuller.words
    if len(own) > 1 and own[-1] == other[-1] and own[0].rstrip(".") == other[0][:1]:
        return True  # "B. Roland"
    return len(own) < len(other) and _part_of(own, other)


def _part_of(own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return own == other[-len(own) :] or (own[-1] == other[-1] and set(own) <= set(other)) or own == other[: len(own)]


def _chain(names: list[Name]) -> Chain:
    fullest = max(names, key=lambda n: (len(n.words), len(n.words[0]) > 2, -n.first))
    genders: list[Gender] = [name.gender for name in names if name.gender is not None]
    types = [name.type for name in names]
    type_: SpeakerType = next(
        (t for t in types if t == "person"), next((t for t in types if t != "unnamed"), "unnamed")
    )
    return Chain(
        names=tuple(names),
        fullest=fullest,
        type=type_,
        gender=_commonest(genders),
        offices=tuple(name.office for name in names if name.office is not None),
    )


def _join_acronyms(tokens: Tokens, groups: list[list[Name]]) -> None:
    """Puts an acronym with the name that introduces it: "Confédération générale du travail (CGT)"."""
    for group in list(groups):
        acronym = next((found for name in group if (found := _acronym(tokens, name))), None)
        for other in [g for g in groups if g is not group] if acronym else ():
            if len(other[0].words) == 1 and tokens.words[other[0].first] == acronym:
                group.extend(other)
                groups.remove(other)


def _acronym(tokens: Tokens, name: Name) -> str | None:
    """What stands in brackets after a name and has its initials; "(RN)" after a politician's name has not.

    The name may go on in lower case: "Confédération | générale du travail (CGT)".
    """
    i = name.last + 1
    while i < len(tokens) and i - name.last <= LONG_NAME and tokens.words[i][0].islower():
        i += 1
    if i + 2 >= len(tokens) or tokens.words[i] != "(" or tokens.words[i + 2] != ")":
        return None
    acronym = tokens.words[i + 1]
    initials = iter(word[0].upper() for word in tokens.words[name.first : i])
    return acronym if acronym.isupper() and len(acronym) > 1 and all(letter in initials for letter in acronym) else None


def _commonest(genders: Sequence[Gender]) -> Gender | None:
    """The gender told most often; the first in the alphabet of two told as often."""
    return min(genders, key=lambda g: (-genders.count(g), g), default=None)
