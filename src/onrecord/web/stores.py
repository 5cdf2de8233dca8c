"""The store and the desk behind the pages: one connection a thread, one desk for all."""

from __future__ import annotations

import threading
from pathlib import Path

from ..desk import Desk
from ..settings import Settings
from ..store import Store
from ..store.overview import By, Count
from ..types import Record


class Behind:
    """What the pages ask. Opening a store costs a millisecond; reading is done by one thread at a time."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self._settings = settings
        self._desk = Desk(settings)
        self._lock = threading.Lock()
        self._kept = threading.local()
        self._counts: dict[By, tuple[tuple[int, int], list[Count]]] = {}
        Store(path, create=True).close()

    @property
    def store(self) -> Store:
        """The store, for reading, of this thread."""
        found: Store | None = getattr(self._kept, "store", None)
        if found is None:
            found = self._kept.store = Store(self.path, readonly=True)
        return found

    def counts(self, by: By) -> list[Count]:
        """Statements of one sort each, kept until the store has changed: over a million it takes a second or two."""
        store = self.store
        state = store.connection.execute("SELECT count(*), count(superseded_by) FROM reading").fetchone()
        known = self._counts.get(by)
        if known is None or known[0] != state:
            known = self._counts[by] = (state, store.counts(by))
        return known[1]

    def read(self, text: str, language: str | None) -> Record:
        """The record of a text. Raises OnRecordError for one that cannot be read."""
        with self._lock:
            return self._desk.read_text(text, language=language)

    def keep(self, record: Record) -> None:
        """Writes a record into the store."""
        with Store(self.path) as store:
            store.write([record])
