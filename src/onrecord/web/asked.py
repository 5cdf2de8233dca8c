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
CHOICES: dict[str, tuple[str, ...]] = {
    "act": get_args(Act), "kind": get_args(Kind), "type": get_args(StatementType), "order": get_args(Order),
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1
NAMES = ("speaker", "outlet", "language", "act", "kind", "type", "after", "before")


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


def asked_of(given: Mapping[str, str], *, limit: int = 20) -> Asked:
    """The question of an address. Raises QueryError for what is none."""
    told = {name: value.strip() for name, value in given.items() if value.strip()}
    for name, allowed in CHOICES.items():
        if name in told and told[name] not in allowed:
            raise QueryError(f"no {name} {told[name]!r}", remedy=f"one of {', '.join(allowed)}")
    if not LANGUAGE.fullmatch(told.get("language", "en")):
        raise QueryError(f"no language {told['language']!r}", remedy="two letters, as fr or en")
    filters: dict[str, Any] = {name: told[name] for name in NAMES if name in told}
    if "negated" in told:
        filters["negated"] = told["negated"] in ("1", "true", "yes")
    order: Any = told.get("order", "newest")
    query = told.get("q")
    if order == "relevance" and query is None:
        order = "newest"
    return Asked(
        query=query, filters=Filters(**filters), order=order, limit=min(MOST, _number(told, "limit", limit)),
        cursor=_number(told, "cursor", None), fold=told.get("fold", "1") not in ("0", "false", "no"),
    )  # fmt: skip


def _number(told: Mapping[str, str], name: str, otherwise: Any) -> Any:
    value = told.get(name)
    if value is None:
        return otherwise
    if not value.isascii() or not value.isdigit() or int(value[:20]) > LARGEST:
        raise QueryError(f"{name} is a whole number, not {value!r}", remedy="take it from the page before")
    return max(1, int(value)) if name == "limit" else int(value)
