"""The unit of work: one object of an archive, or a range of its row groups, to Parquet."""

from __future__ import annotations

from .report import ArchiveSettings, ShardReport


def process_shard(uri: str, out: str, settings: ArchiveSettings) -> ShardReport:
    """Reads one input and writes its output below `out`; both are addresses as fsspec has them, or paths.

    Pure and idempotent: the same input, settings, code, packs and weights give the same rows under the same name, and
    where they are there already nothing is read. What is wrong with a record is a row of `refusals`; an input or an
    `out` that cannot be used gives a report with `error`. Raises nothing for either, so that an engine need not know
    our errors; a process may be killed at any moment, and the shard given to another.
    """
    raise NotImplementedError
