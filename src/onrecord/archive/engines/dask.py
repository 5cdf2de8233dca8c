"""Dask: over the workers of a scheduler, or over processes that it starts here."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import dask
from distributed import Client, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from ..report import ArchiveSettings, ShardReport
from ..shard import process_shard
from . import CLUSTERS, TRIES
from .local import given_up


class Dask:
    """Dask over the scheduler that DASK_SCHEDULER_ADDRESS names; without one, over one made here for the run."""

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """See Engine."""
        waiting = iter(uris)
        given: dict[str, str] = {}  # by key: which shard a future is of
        with _client(min(workers, len(uris))) as client:
            running = as_completed()

            def give(shards: int) -> None:
                for uri in islice(waiting, shards):
                    future = client.submit(process_shard, uri, out, settings, pure=False)
                    given[future.key] = uri
                    running.add(future)

            give(workers)
            for future in running:
                uri = given.pop(future.key)
                try:
                    yield future.result()
                except KilledWorker:
                    yield given_up(uri)
                future.release()
                give(1)


@contextmanager
def _client(workers: int) -> Iterator[Client]:
    # as often as the scheduler puts up with a task on whose worker it died
    dask.config.set({"distributed.scheduler.allowed-failures": TRIES - 1})
    if os.environ.get(CLUSTERS["dask"]):
        with Client() as client:
            yield client
        return
    here = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.ERROR}
    with LocalCluster(**here) as cluster, Client(cluster) as client:
        yield client
