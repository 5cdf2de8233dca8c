"""Identity across articles: which speakers of many articles are one person.

Speakers of one surname are compared two by two. A list of people decides first, then whole names in any spelling, then
a surname with an office that agrees. Two whose offices have nothing in common are not merged for their name alone;
genders that differ, one article, and a person's judgement keep apart whatever speaks for a merge. Every merge is a
finding with its reason. Nothing is edited: without a merge, or with a judgement more, the rest is found anew, so that
each can be undone without loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from ..types import Gender
from .names import alike, keys_of, same_office, words_of

Rule = Literal["judgement", "list", "name", "spelling", "longer_name", "surname_and_office"]
RULES: tuple[Rule, ...] = ("judgement", "list", "name", "spelling", "longer_name", "surname_and_office")  # surest first


class Appearance(msgspec.Struct, frozen=True, kw_only=True):
    """One speaker in one article."""

    article: str  # id
    name: str  # the fullest of the article, without title
    language: str  # of the article: offices of two languages that differ need not contradict
    office: str | None = None
    gender: Gender | None = None
    listed: str | None = None  # id in a list of people


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of two appearances: one person, or two. The last one counts."""

    a: tuple[str, str]  # article and name
    b: tuple[str, str]
    same: bool
    who: str
    when: str  # ISO 8601
    why: str = ""


class Merge(msgspec.Struct, frozen=True):
    """Why two appearances are one person."""

    a: int  # position among the appearances
    b: int
    rule: Rule
    evidence: str


class Joined(msgspec.Struct, frozen=True):
    """One person: the positions of all appearances, and the merges that put them together."""

    members: tuple[int, ...]
    merges: tuple[Merge, ...]


def join(appearances: Sequence[Appearance], judgements: Sequence[Judgement] = ()) -> list[Joined]:
    """The persons behind appearances, by the first of each. Whatever their order, the same ones are put together.

    Two of one article are never joined: the article itself tells them apart.
    """
    judged = {frozenset((judgement.a, judgement.b)): judgement for judgement in judgements}
    merges = sorted(_merges(appearances, judged), key=lambda m: (RULES.index(m.rule), _place(appearances, m)))
    group = list(range(len(appearances)))
    members = {n: [n] for n in group}
    made: dict[int, list[Merge]] = {n: [] for n in group}
    for merge in merges:
        one, other = sorted((group[merge.a], group[merge.b]))
        if one == other or any(
            _apart(appearances[a], appearances[b], judged) for a in members[one] for b in members[other]
        ):
            continue
        made[one] += [*made.pop(other), merge]
        members[one] += members.pop(other)
        for n in members[one]:
            group[n] = one
    return [Joined(tuple(sorted(members[n])), tuple(made[n])) for n in sorted(members)]


def _place(appearances: Sequence[Appearance], merge: Merge) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((appearances[n].article, appearances[n].name) for n in (merge.a, merge.b)))


Judged = dict[frozenset[tuple[str, str]], Judgement]


def _merges(appearances: Sequence[Appearance], judged: Judged) -> Iterator[Merge]:
    """Every pair that something speaks for."""
    by_key: dict[str, list[int]] = {}
    for n, appearance in enumerate(appearances):
        words = words_of(appearance.name)
        for key in {*(keys_of(words[-1]) if words else ()), *([f"#{appearance.listed}"] if appearance.listed else ())}:
            by_key.setdefault(key, []).append(n)
    pairs = {(a, b) for numbers in by_key.values() for a in numbers for b in numbers if a < b}
    place = {(appearance.article, appearance.name): n for n, appearance in enumerate(appearances)}
    for judgement in judged.values():
        if judgement.a in place and judgement.b in place:
            a, b = sorted((place[judgement.a], place[judgement.b]))
            pairs.add((a, b))
    for a, b in sorted(pairs):
        found = _agreement(appearances[a], appearances[b], judged)
        if found is not None:
            yield Merge(a, b, *found)


def _agreement(a: Appearance, b: Appearance, judged: Judged) -> tuple[Rule, str] | None:
    judgement = judged.get(frozenset(((a.article, a.name), (b.article, b.name))))
    if judgement is not None and judgement.same:
        return "judgement", f"{judgement.who}, {judgement.when}"
    if a.listed and a.listed == b.listed:
        return "list", a.listed
    first, second = words_of(a.name), words_of(b.name)
    told = f"{a.name} = {b.name}"
    if len(first) > 1 and len(second) > 1:
        if a.language == b.language and a.office and b.office and not same_office(a.office, b.office):
            return None
        if first == second:
            return "name", told
        if keys_of(a.name) & keys_of(b.name) or (len(first) == len(second) and alike(a.name, b.name)):
            return "spelling", told
        shorter, longer = sorted((first, second), key=len)
        if (shorter[0] == longer[0] or shorter == longer[-len(shorter) :]) and set(shorter) < set(longer):
            return "longer_name", told
        return None
    if a.office and b.office and same_office(a.office, b.office):
        return "surname_and_office", f"{told}, {a.office} = {b.office}"
    return None


def _apart(a: Appearance, b: Appearance, judged: Judged) -> bool:
    """Whether something says that two are not one person."""
    judgement = judged.get(frozenset(((a.article, a.name), (b.article, b.name))))
    if judgement is not None:
        return not judgement.same
    if a.article == b.article or (a.gender and b.gender and a.gender != b.gender):
        return True
    return bool(a.listed and b.listed and a.listed != b.listed)
