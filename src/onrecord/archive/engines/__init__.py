"""Engines: what carries `process_shard` to where it runs. An adapter is imported when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Protocol

from ...errors import ArchiveError
from ..report import ArchiveSettings, ShardReport

TRIES = 3  # of a shard whose worker died, before it is given up for this run

# By name: the module here, its class, and the extra that installs what it needs
ADAPTERS = {
    "local": ("local", "Local", None),
    "daft": ("daft", "Daft", "cluster"),
    "ray": ("daft", "DaftOnRay", "cluster"),
    "dask": ("dask", "Dask", "dask"),
}


# Engines tell their makers that they are used, Daft as soon as it is imported. Here they do not. At import, because
# nobody imports an adapter, and with it such a library, without passing here first.
SILENT = {
    "DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "1", "DAFT_ANALYTICS_ENABLED": "0", "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_REPORT_URL": "http://127.0.0.1:9/",  # where Ray reports that it is not to report
}  # fmt: skip
os.environ.update(SILENT)


# Where a cluster is, by the variables of the engines themselves
CLUSTERS = {"ray": "RAY_ADDRESS", "dask": "DASK_SCHEDULER_ADDRESS"}
EVERY = 1 << 20  # workers: as many as a cluster has


class Engine(Protocol):
    """Runs `process_shard` for many shards. Made without arguments; where a cluster is, its own environment says."""

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """One report for each shard, in any order, as they are finished.

        A worker that dies costs its shard another try, at most TRIES of them, then a `report.failed`; not the run.
        Closing the iterator ends the work.
        """
        ...


def workers_of(name: str, *, cores: int) -> int:
    """How many workers an engine is asked for where nobody says: all of a cluster, or the cores of this machine."""
    return EVERY if os.environ.get(CLUSTERS.get(name, "")) else cores


def engine(name: str) -> Engine:
    """The engine of a name. Raises ArchiveError for one that is not known or whose library is not installed."""
    if name not in ADAPTERS:
        raise ArchiveError("no such engine", which=name, remedy=f"one of {', '.join(ADAPTERS)}")
    module, adapter, extra = ADAPTERS[name]
    try:
        made: Engine = getattr(import_module(f".{module}", __package__), adapter)()
    except ImportError as error:
        raise ArchiveError(
            f"this engine needs a library that is not installed ({error.name})",
            which=name,
            remedy=f'pip install "onrecord[{extra}]"' if extra else None,
        ) from error
    return made
