"""Chains: which names of a text mean the same person or body."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..language.pack import Pack
from ..types import Gender, SpeakerType
from .mentions import Name, Run
from .tokens import Tokens


class Chain(msgspec.Struct, frozen=True):
    """The names of one speaker in the order of the text."""

    names: tuple[Name, ...]
    fullest: Name  # with the most words; the first of several
    type: SpeakerType
    gender: Gender | None
    offices: tuple[Run, ...]

    def before(self, token: int) -> Name | None:
        """The last of its names that ends before a token."""
        return next((name for name in reversed(self.names) if name.last < token), None)


def chains_of(tokens: Tokens, pack: Pack, names: Sequence[Name]) -> list[Chain]:
    """Chains by their first name. "Peskov" joins the only, else the nearest earlier, "… Peskov"."""
    groups: list[list[Name]] = []
    for name in sorted(names, key=lambda n: (-len(n.words), -len(n.words[0]), n.first)):
        home = _home(name, groups)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    _join_acronyms(tokens, groups)
    chains = [_chain(tokens, pack, sorted(group, key=lambda n: n.first)) for group in groups]
    return sorted(chains, key=lambda chain: chain.names[0].first)


def _home(name: Name, groups: list[list[Name]]) -> list[Name] | None:
    fitting = [group for group in groups if any(_fits(name, fuller) for fuller in {n.words: n for n in group}.values())]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    earlier = [group for group in fitting if min(n.first for n in group) < name.first]
    return max(earlier or fitting, key=lambda group: max((n.first for n in group if n.first < name.first), default=-1))


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


def _chain(tokens: Tokens, pack: Pack, names: list[Name]) -> Chain:
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
    """What stands in brackets after a name and has its initials; "(RN)" after a politician's name has not."""
    i = name.last + 1
    if i + 2 >= len(tokens) or tokens.words[i] != "(" or tokens.words[i + 2] != ")":
        return None
    acronym = tokens.words[i + 1]
    initials = iter(word[0].upper() for word in name.words)
    return acronym if acronym.isupper() and all(letter in initials for letter in acronym) else None


def _commonest(genders: Sequence[Gender]) -> Gender | None:
    """The gender told most often; the first in the alphabet of two told as often."""
    return min(genders, key=lambda g: (-genders.count(g), g), default=None)
