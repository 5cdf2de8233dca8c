"""The store and the desk behind the pages: one connection a thread, one desk for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..desk import Desk
from ..errors import OnRecordError
from ..intake import open_inputs
from ..intake.fetch import FetchSettings
from ..intake.inputs import is_address
from ..settings import Settings
from ..store import Filters, Store
from ..store.facets import Facets
from ..store.overview import By, Count
from ..types import Record, Refusal

ANSWER_S = 20.0  # for one question to the store
WAIT_S = 60.0  # for the text that is being read before one's own
STEPS = 100_000  # of SQLite's machine, some milliseconds, between two looks at the clock
MOST = 200  # values of one sort; a store has hundreds of thousands of speakers
KEPT = 256  # answers that count, until the store changes
FETCHING = FetchSettings(timeout_s=10.0, total_s=30.0, max_bytes=8 << 20)


class TooLate(OnRecordError):
    """A question to the store took longer than it may, or too many texts wait to be read."""


class Behind:
    """What the pages ask. Opening a store costs a millisecond; reading is done by one thread at a time."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self._settings = settings
        self._desk = Desk(settings)
        self._lock = threading.Lock()
        self._kept = threading.local()
        self._answers: dict[Any, Any] = {}
        self._state: Any = None
        Store(path, create=True).close()

    @property
    def store(self) -> Store:
        """The store, for reading, of this thread; what is asked of it from now on is broken off after 20 seconds."""
        found: Store | None = getattr(self._kept, "store", None)
        if found is None:
            found = self._kept.store = Store(self.path, readonly=True)
            kept = self._kept
            found.connection.set_progress_handler(lambda: time.monotonic() > kept.until, STEPS)
        self._kept.until = time.monotonic() + ANSWER_S
        return found

    def own_store(self) -> Store:
        """A store for reading that the caller closes: for answers that are sent while they are found."""
        return Store(self.path, readonly=True)

    def counts(self, filters: Filters) -> dict[By, list[Count]]:
        """Statements of every sort: over a million it takes some seconds."""
        return self.once(("counts", filters), lambda: self.store.all_counts(filters, most=MOST))  # type: ignore[no-any-return]

    def facets(self, query: str | None, filters: Filters) -> Facets:
        """How answers fall into sorts."""
        return self.once((query, filters), lambda: self.store.facets(query, filters))  # type: ignore[no-any-return]

    def once(self, question: Any, answer: Callable[[], Any]) -> Any:
        """An answer, found once until the file of the store changes."""
        state = [
            (one.stat().st_mtime_ns, one.stat().st_size) if one.exists() else None
            for one in (self.path, self.path.with_name(self.path.name + "-wal"))
        ]
        if state != self._state or len(self._answers) >= KEPT:
            self._state, self._answers = state, {}
        answers = self._answers
        if question not in answers:
            answers[question] = answer()
        return answers[question]

    def read(self, text: str, language: str | None = None) -> Record:
        """The record of a text. Raises OnRecordError for one that cannot be read."""
        return self._alone(lambda: self._desk.read_text(text, language=language))

    def read_address(self, url: str) -> Record:
        """The record of the article at an address of the web. Raises OnRecordError where there is none to be read."""
        if not is_address(url):
            raise OnRecordError("this is no address of the web", remedy="give one that begins with https://")
        found = next(iter(open_inputs([url], self._settings, fetch=FETCHING)), None)
        if found is None:
            raise OnRecordError("no article stands there", remedy="give the address of one article")
        if isinstance(found, Refusal):
            # What the command line could allow, pages cannot
            raise OnRecordError(found.message.partition("; allow it")[0], remedy="give another, or paste the text")
        return self._alone(lambda: self._desk.read(found))

    def _alone(self, read: Callable[[], Record]) -> Record:
        if not self._lock.acquire(timeout=WAIT_S):
            raise TooLate("too many texts wait to be read", remedy="try again in a minute")
        try:
            return read()
        finally:
            self._lock.release()

    def keep(self, record: Record) -> None:
        """Writes a record into the store."""
        with Store(self.path) as store:
            store.write([record])
