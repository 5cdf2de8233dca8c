"""The processes of this machine: nothing to install, and a killed one costs its shard another try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..report import ArchiveSettings, ShardReport


class Local:
    """One process a worker, each with a desk of its own."""

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """See Engine."""
        raise NotImplementedError
