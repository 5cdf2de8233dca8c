"""Links beside the answers that narrow a question down, one for each value of a facet, or widen it again."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from ..store.facets import SORTS, Facets, Sort
from .asked import NAMES

Given = Mapping[str, str]
Words = Mapping[str, str]


class Way(msgspec.Struct, frozen=True):
    """A link: what it is called, what it does, where it leads, and how many answers stand there (None: it widens)."""

    label: str
    title: str
    where: str
    statements: int | None = None


class Choice(msgspec.Struct, frozen=True):
    """The ways that one sort offers."""

    sort: Sort
    ways: tuple[Way, ...]


def sorts(found: Facets, given: Given, words: Words) -> list[Choice]:
    """The sorts by which a question may be narrowed; none by which it was."""
    choices = []
    for sort in SORTS:
        names = ("after", "before") if sort == "month" else (sort,)
        if any(given.get(name, "").strip() for name in names) and not (sort == "month" and _is_long(given)):
            continue
        ways = tuple(
            Way(_label(sort, one.value, words), words["narrow_by"].format(words[sort], _label(sort, one.value, words)),
                _where(given, dict.fromkeys(names, one.value)), one.statements)
            for one in found.sorts[sort]
        )  # fmt: skip
        if ways:
            choices.append(Choice(sort, ways))
    return choices


def chips(given: Given, words: Words) -> list[Way]:
    """What was chosen, each with the way to leave it out."""
    found = []
    for name in NAMES:
        value = given.get(name, "").strip()
        if value:
            label = _label(name, value, words)
            found.append(
                Way(f"{words[name]} {label}", words["widen"].format(words[name], label), _where(given, {name: ""}))
            )
    return found


def _is_long(given: Given) -> bool:
    """Whether the dates asked for go over more than one month."""
    return given.get("after", "")[:7] != given.get("before", "")[:7]


def _label(sort: str, value: str, words: Words) -> str:
    return words.get(value, value) if sort in ("act", "type", "kind") else value


def _where(given: Given, changed: Given) -> str:
    """The address with some values changed, from its first page on."""
    told = {name: value for name, value in (dict(given) | dict(changed)).items() if value and name != "cursor"}
    return "/?" + urlencode(told)
