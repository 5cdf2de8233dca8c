"""Daft: on the processes of this machine, or over a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import daft
import msgspec

from ..report import ArchiveSettings, ShardReport
from . import CLUSTERS, SILENT
from .local import Worker, stop_all


class Reader:
    """What Daft makes once for each of its workers, and keeps: a process of our own, which may die without it."""

    def __init__(self, out: str, settings: ArchiveSettings) -> None:
        self._worker, self._out, self._settings = Worker(), out, settings

    def read(self, uri: str) -> str:
        """The report of a shard, as JSON."""
        return msgspec.json.encode(self._worker.read(uri, self._out, self._settings)).decode()


class Daft:
    """Daft's native runner."""

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """See Engine."""
        workers = self._begin(min(workers, len(uris)))
        reader = daft.cls(Reader, max_concurrency=workers, use_process=False)(out, settings)
        shards = daft.from_pydict({"uri": list(uris)}).into_batches(1)  # in one batch, one worker would get them all
        daft.set_execution_config(maintain_order=False)
        try:
            for row in shards.select(reader.read(shards["uri"]).alias("report")).iter_rows():
                yield msgspec.json.decode(row["report"], type=ShardReport)
        finally:
            stop_all()

    def _begin(self, workers: int) -> int:
        daft.set_runner_native()
        return workers


class DaftOnRay(Daft):
    """Daft over the Ray cluster that RAY_ADDRESS names; without one, over one made here, until this process ends."""

    def _begin(self, workers: int) -> int:
        import ray

        if not ray.is_initialized():
            here = {"address": "local", "num_cpus": workers, "include_dashboard": False}
            where = {} if os.environ.get(CLUSTERS["ray"]) else here
            ray.init(**where, runtime_env={"env_vars": SILENT}, log_to_driver=False)
            daft.set_runner_ray()
        return min(workers, int(ray.cluster_resources()["CPU"]))
