"""Many inputs into a store: read what is new or changed, skip what is not, and go on where a run was killed.

Every batch of records is one transaction, and what is in the store is not read again: so a run that is killed at any
moment and started anew ends with what an undisturbed one leaves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from .desk import BATCH, Desk
from .intake import Validators, Visits
from .store import Store
from .types import Article, Record, Refusal, RefusalReason, digest

BATCH_SECONDS = 5.0  # a batch is written after this time even when it is not full, so that a slow source shows


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a collection has come."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    erased: int = 0  # taken down for good earlier, and left out
    statements: int = 0
    refused: int = 0
    reasons: dict[RefusalReason, int] = msgspec.field(default_factory=dict)  # how many for each reason
    feeds: int = 0  # that stayed as they were and were not sent again; their articles are not among the others
    seconds: float = 0.0

    @property
    def articles(self) -> int:
        """All that were seen, refusals too."""
        return self.new + self.changed + self.unchanged + self.erased + self.refused

    @property
    def read(self) -> int:
        """Those that were read now."""
        return self.new + self.changed


def collect(  # noqa: PLR0913 - what to read, into what, and how
    found: Iterable[Article | Refusal], store: Store, desk: Desk, *, cores: int = 1,
    told: Callable[[Progress], None] | None = None, visits: Visits | None = None,
) -> Progress:  # fmt: skip
    """Reads what the store does not have yet and writes it there; what became of all.

    `found` is what `onrecord.intake.open_inputs` gives, before anything of it is read; with the `visits` that it was
    given, feeds that this desk has read into the store are fetched only if they have changed. `told` is called after
    each batch. With more cores than one it must be called under `if __name__ == "__main__":`, as always with
    processes in Python.
    """
    run = _Run(store, desk, visits)
    batch: list[Record] = []
    written_at = time.monotonic()
    for record in desk.read_many(run.unread(found), cores=cores):
        batch.append(record)
        if len(batch) >= BATCH * cores or time.monotonic() - written_at > BATCH_SECONDS:
            run.keep(batch, told)
            batch = []
            written_at = time.monotonic()
    run.keep(batch, told)
    run.keep_feeds()
    return run.progress()


def take(
    found: Iterable[Record | Refusal], store: Store, *, told: Callable[[Progress], None] | None = None
) -> Progress:
    """Writes records that were read elsewhere into a store, and refusals; what became of all."""
    run = _Run(store, None)
    batch: list[Record] = []
    for one in found:
        if isinstance(one, Refusal):
            run.refuse(one)
        else:
            batch.append(one)
        if len(batch) >= BATCH:
            run.keep(batch, told)
            batch = []
    run.keep(batch, told)
    return run.progress()


class _Run:
    """One collection, with what it has counted."""

    def __init__(self, store: Store, desk: Desk | None, visits: Visits | None = None) -> None:
        self._store = store
        self._desk = desk
        self._visits = visits
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[RefusalReason] = Counter()
        self._refusals: list[Refusal] = []
        self._began = time.monotonic()
        if desk is not None and visits is not None:
            self._reader = _reader(desk, visits.language)
            visits.begin({url: Validators(*told) for url, told in store.known_feeds(self._reader).items()})

    def keep(self, batch: list[Record], told: Callable[[Progress], None] | None) -> None:
        """Writes a batch, and tells how far the run has come."""
        self.write(batch)
        if told is not None:
            told(self.progress())

    def unread(self, found: Iterable[Article | Refusal]) -> Iterator[Article]:
        """The articles that the store does not have as they are; the others and refusals are counted on the way."""
        assert self._desk is not None  # noqa: S101 - of a run that reads
        for one in found:
            if isinstance(one, Refusal):
                self.refuse(one)
            elif self._store.has(one, self._desk.made_by(one.language)):
                self._counts["unchanged"] += 1
            else:
                yield one

    def refuse(self, refusal: Refusal) -> None:
        """Counts a refusal and keeps it for the next transaction."""
        self._refusals.append(refusal)
        self._reasons[refusal.reason] += 1

    def write(self, batch: list[Record]) -> None:
        """One transaction: the records, and what was refused meanwhile."""
        if batch or self._refusals:
            written = self._store.write(batch, self._refusals)
            self._refusals = []
            self._counts.update(msgspec.structs.asdict(written))

    def keep_feeds(self) -> None:
        """Keeps which feeds were read to the end. Last of all: only then is what they brought in the store."""
        if self._visits is not None:
            self._store.keep_feeds(self._visits.taken, self._reader)

    def progress(self) -> Progress:
        """What was counted so far."""
        return Progress(
            **self._counts,
            feeds=0 if self._visits is None else self._visits.unchanged,
            refused=sum(self._reasons.values()),
            reasons=dict(sorted(self._reasons.items())),
            seconds=time.monotonic() - self._began,
        )


def _reader(desk: Desk, language: str | None) -> str:
    """Digest of all that decides what is made of a feed: another reader has to read it anew."""
    made_by = "|".join(repr(desk.made_by(code)) for code in desk.settings.languages)
    return digest(f"{language}|{desk.settings.max_article_chars}|{made_by}")
