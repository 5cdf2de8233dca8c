"""What a shard is read by, and what became of it: plain values, to be pickled, and written as JSON."""

from __future__ import annotations

import msgspec

from ..settings import Settings


class ArchiveSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How every shard of a run is read. What is here and the input name the output."""

    reading: Settings = msgspec.field(default_factory=Settings)
    language: str | None = None  # of every article, whatever the input says; None to tell it from each
    columns: dict[str, str] | None = None  # of tables: which column holds which field


class ShardReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one shard. Where `error` is None its output is whole."""

    uri: str  # of the input; a range of row groups as "…/x.parquet#row-groups=0-7", the last one included
    name: str  # of its output: OUT/reports/NAME.json and OUT/articles/…/NAME.parquet
    articles: int = 0
    statements: int = 0
    speakers: int = 0
    refusals: dict[str, int] = msgspec.field(default_factory=dict)  # by reason
    bytes: int = 0  # of the input, as it is stored
    seconds: float = 0.0
    parts: tuple[str, ...] = ()  # that have rows of it: "language=fr/month=2024-05"
    skipped: bool = False  # it was finished before: nothing was read, the numbers are those of then
    error: str | None = None  # why there is no output: the input or OUT could not be reached, or is full

    @property
    def refused(self) -> int:
        """Refusals of all reasons."""
        return sum(self.refusals.values())


def failed(uri: str, error: str, *, name: str = "", seconds: float = 0.0) -> ShardReport:
    """The report of a shard without output; a later run tries it again."""
    return ShardReport(uri=uri, name=name, error=error, seconds=seconds)
