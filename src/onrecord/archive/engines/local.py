"""The processes of this machine: nothing to install, and a killed one costs its shard another try.

Each worker is a pool of one process. So it is known whose shard killed it, and the others go on undisturbed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import ClassVar
from weakref import WeakSet

from ...desk import one_thread
from ..report import ArchiveSettings, ShardReport, failed
from ..shard import process_shard
from . import TRIES


class Local:
    """As many processes as workers, each with a desk of its own."""

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """See Engine."""
        waiting = deque((uri, 1) for uri in uris)
        running: dict[Future[ShardReport], tuple[Worker, str, int]] = {}
        idle = [Worker() for _ in range(min(workers, len(waiting)))]
        everyone = list(idle)
        try:
            while waiting or running:
                while waiting and idle:
                    worker = idle.pop()
                    uri, attempt = waiting.popleft()
                    running[worker.submit(uri, out, settings)] = (worker, uri, attempt)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    worker, uri, attempt = running.pop(future)
                    idle.append(worker)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        worker.replace()
                        if attempt < TRIES:
                            waiting.append((uri, attempt + 1))
                        else:
                            yield given_up(uri)
        finally:
            for worker in everyone:
                worker.stop()


def given_up(uri: str) -> ShardReport:
    """The report of a shard whose every worker died."""
    return failed(uri, f"the process that read it was killed {TRIES} times; memory may be short")


class Worker:
    """One process, which can be put in the place of one that was killed."""

    made: ClassVar[WeakSet[Worker]] = WeakSet()

    def __init__(self) -> None:
        self._pool = _pool()
        self._stopped = False
        self.made.add(self)

    def read(self, uri: str, out: str, settings: ArchiveSettings) -> ShardReport:
        """The report of a shard, for engines that would rather lose a run than a process."""
        for _ in range(TRIES):
            if self._stopped:
                return failed(uri, "the run was ended")
            try:
                return self.submit(uri, out, settings).result()
            except BrokenProcessPool:
                self.replace()
        return given_up(uri)

    def submit(self, uri: str, out: str, settings: ArchiveSettings) -> Future[ShardReport]:
        """The report of a shard, when it is there."""
        try:
            return self._pool.submit(process_shard, uri, out, settings)
        except BrokenProcessPool:  # killed while it had nothing to do
            self.replace()
            return self._pool.submit(process_shard, uri, out, settings)

    def replace(self) -> None:
        """Another process, for the next shard."""
        self._pool.shutdown(wait=False)
        self._pool = _pool()

    def stop(self) -> None:
        """Ends the process, whatever it does: what it has not finished is done by another run."""
        self._stopped = True
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def stop_all() -> None:
    """Ends every worker that was made in this process, for engines that keep theirs to themselves."""
    for worker in list(Worker.made):
        worker.stop()


def _pool() -> ProcessPoolExecutor:
    # spawned, not forked: a fork would take the threads of the libraries along half alive
    return ProcessPoolExecutor(1, get_context("spawn"), _begin)


def _begin() -> None:
    one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver is told, and ends us
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    """A driver that is killed takes its workers along: nobody would collect what they do."""
    driver = parent_process()
    if driver is not None:
        connection.wait([driver.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
