"""What an address asks of the store: filters, order and page, the same for pages and API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from ..errors import QueryError
from ..store import Filters
from ..store.search import Order
from ..types import Act, Kind, StatementType

LARGEST = (1 << 63) - 1
MOST = 200  # hits of one page
NUMBER = re.compile(r"[0-9]{1,19}")
TRUTHS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
CHOICES: dict[str, tuple[str, ...]] = {
    "act": get_args(Act), "kind": get_args(Kind), "type": get_args(StatementType), "order": get_args(Order),
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1
NAMES = ("speaker", "outlet", "language", "act", "kind", "type", "after", "before")
KNOWN = ("q", "order", "limit", "cursor", "negated", "fold", "everybody", "format", *NAMES)


class Asked(msgspec.Struct, frozen=True):
    """A question."""

    query: str | None
    filters: Filters
    order: Order
    limit: int
    cursor: int | None  # key of the last hit of the page before
    fold: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for by itself."""
        return self.query is None and self.filters == Filters()

    def how(self) -> dict[str, Any]:
        """The rest, as `Store.search` takes it."""
        return {"order": self.order, "limit": self.limit, "after_key": self.cursor, "fold": self.fold}


def asked_of(given: Mapping[str, str], *, limit: int = 20, strict: bool = False) -> Asked:
    """The question of an address. Raises QueryError for what is none.

    Forms send every field, empty where nothing is asked; where that is no form, `strict` takes an empty one for a
    mistake.
    """
    if strict and (empty := [name for name, value in given.items() if name in KNOWN and not value.strip()]):
        raise QueryError(f"{empty[0]} is empty", remedy="leave it out, or say what is asked for")
    told = {name: value.strip() for name, value in given.items() if value.strip()}
    for name, allowed in CHOICES.items():
        if name in told and told[name] not in allowed:
            raise QueryError(f"no {name} {told[name]!r}", remedy=f"one of {', '.join(allowed)}")
    if not LANGUAGE.fullmatch(told.get("language", "en")):
        raise QueryError(f"no language {told['language']!r}", remedy="two letters, as fr or en")
    filters: dict[str, Any] = {name: told[name] for name in NAMES if name in told}
    if "negated" in told:
        filters["negated"] = truth(told, "negated")
    order: Any = told.get("order", "newest")
    query = told.get("q")
    if order == "relevance" and query is None:
        order = "newest"
    most = _number(told, "limit", limit)
    if not 1 <= most <= MOST:
        raise QueryError(f"limit {most}", remedy=f"between 1 and {MOST}; cursor goes on")
    return Asked(
        query=query, filters=Filters(**filters), order=order, limit=most, cursor=_number(told, "cursor", None),
        fold=truth(told, "fold", otherwise=True),
    )  # fmt: skip


def truth(told: Mapping[str, str], name: str, *, otherwise: bool = False) -> bool:
    """Yes or no. Raises QueryError for anything else."""
    value = told.get(name)
    if value is None:
        return otherwise
    if value not in TRUTHS:
        raise QueryError(f"{name} is yes or no, not {value!r}", remedy=f"one of {', '.join(TRUTHS)}")
    return TRUTHS[value]


def _number(told: Mapping[str, str], name: str, otherwise: Any) -> Any:
    value = told.get(name)
    if value is None:
        return otherwise
    if not NUMBER.fullmatch(value) or int(value) > LARGEST:
        raise QueryError(f"{name} is a whole number, not {value!r}", remedy="take it from the page before")
    return int(value)
