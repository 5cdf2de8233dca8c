"""Two Ray nodes, two Dask workers and a server that speaks S3, on the loopback interface."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from onrecord.archive.engines import TRIES

START_S = 900.0  # a machine may have much else to do
Environment = Mapping[str, str]


def free_port() -> int:
    """A port that nobody listens on, as long as nobody else asks."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_for(port: int, host: str = "127.0.0.1") -> None:
    """Returns as soon as somebody listens."""
    ends = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            assert time.monotonic() < ends, f"nobody listens on {host}:{port}"
            time.sleep(0.1)
        else:
            return


@contextmanager
def running(command: Sequence[str], log: Path, environment: Environment) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, ended with their group."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        for way in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, way)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                continue
            break


# A head that somebody starts, with statistics off, tells Ray's makers once that they are off (docs/decisions/0006).
# It is not ours, so its look-ups are let pass before those of our processes are watched.
HEAD_REPORTS_S = 20.0


@contextmanager
def ray_cluster(logs: Path, environment: Environment) -> Iterator[Environment]:
    """Two nodes of one core each, which ask for a token; what a driver has to know."""
    folder = tempfile.mkdtemp(prefix="onr", dir="/tmp")
    head = f"127.0.0.2:{free_port()}"
    known = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    ray = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1", "--disable-usage-stats"]
    ray += ["--min-worker-port=0", "--max-worker-port=0", "--object-store-memory=100000000"]
    first = [*ray, "--head", "--node-ip-address=127.0.0.2", f"--port={head.partition(':')[2]}", f"--temp-dir={folder}"]
    first += ["--include-dashboard=false"]
    second = [*ray, "--node-ip-address=127.0.0.3", f"--address={head}"]
    try:
        with running(first, logs / "ray-head", {**environment, **known}):
            wait_for(int(head.partition(":")[2]), "127.0.0.2")
            with running(second, logs / "ray-node", {**environment, **known}):
                time.sleep(HEAD_REPORTS_S)
                yield {**known, "RAY_ADDRESS": head}
    finally:
        for process in processes_below(folder):
            os.kill(process, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def processes_below(folder: str) -> list[int]:
    """The processes that were started with a folder of ours in their arguments."""
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"{folder}/".encode() in told.read_bytes():
                found.append(int(told.parent.name))
        except OSError:  # it has ended
            continue
    return found


@contextmanager
def dask_cluster(logs: Path, environment: Environment) -> Iterator[Environment]:
    """A scheduler and two workers of one thread each; what a driver has to know."""
    port = free_port()
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host=127.0.0.1", f"--port={port}", "--no-dashboard"]
    worker = [*dask, "worker", f"tcp://127.0.0.1:{port}", "--nthreads=1", "--no-dashboard"]
    worker += ["--local-directory", str(logs)]
    with ExitStack() as stack:
        tries = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(TRIES - 1)}
        stack.enter_context(running(scheduler, logs / "dask-scheduler", {**environment, **tries}))
        wait_for(port)
        for number in (1, 2):
            stack.enter_context(running(worker, logs / f"dask-worker-{number}", environment))
        yield {"DASK_SCHEDULER_ADDRESS": f"tcp://127.0.0.1:{port}"}


@contextmanager
def s3_server(logs: Path, environment: Environment) -> Iterator[int]:
    """A server that speaks S3, with nothing in it; its port."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, logs / "s3", environment):
        wait_for(port)
        yield port
