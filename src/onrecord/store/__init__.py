"""Records kept in one SQLite file: written, searched, proved, erased, copied."""

from __future__ import annotations

from .search import Filters, Hit
from .store import Store

__all__ = ["Filters", "Hit", "Store"]
