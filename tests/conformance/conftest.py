"""The engines, the clusters that they run on, and the inputs that all of them are given."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.warc import archive as web_archive
from onrecord.archive.engines import SILENT
from onrecord.archive.places import Out
from onrecord.archive.plan import plan
from onrecord.archive.shard import process_shard
from tests.archiving import RULES, lines, written
from tests.conformance.clusters import dask_cluster, ray_cluster, s3_server
from tests.conformance.doors import Door, open_door

ROOT = Path(__file__).parents[2]
HOOKS = Path(__file__).parent / "hooks"
RUN_S = 1800  # a machine may have much else to do


class Trouble:
    """The folder that processes are troubled from; see hooks/sitecustomize.py."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.full = folder / "full"  # while it exists, every disk is

    def told(self, name: str) -> list[tuple[str, str]]:
        """What processes have written so far: who, and what."""
        path = self.folder / name
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [(who, what) for who, _, what in (line.partition("\t") for line in lines)]


class Ran(msgspec.Struct, frozen=True):
    """What became of a command."""

    code: int
    summary: dict[str, Any]  # empty where it failed before it could say
    error: str


class Carrier:
    """One engine, behind the command that people give."""

    def __init__(self, name: str, environment: dict[str, str], trouble: Trouble) -> None:
        self.name = name
        self.environment = environment
        self.trouble = trouble

    def command(self, uri: Path | str, out: Path | str, *more: str) -> list[str]:
        """Two workers over an archive."""
        command = [sys.executable, "-m", "onrecord", "archive", str(uri), "--out", str(out), "--engine", self.name]
        return [*command, "--workers=2", "--format=json", *(more or ("--reader=rules",))]

    def run(self, uri: Path | str, out: Path | str, *more: str) -> Ran:
        """The command, run to its end; in no process is another machine looked for."""
        before = self.trouble.told("look-ups")
        done = subprocess.run(
            self.command(uri, out, *more), capture_output=True, text=True, timeout=RUN_S, env=self.environment,
            check=False,
        )  # fmt: skip
        assert self.trouble.told("look-ups") == before
        summary = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        return Ran(done.returncode, summary, done.stderr)


@pytest.fixture(scope="session")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Trouble:
    """The folder that all processes of a session are troubled from."""
    return Trouble(tmp_path_factory.mktemp("trouble"))


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    """The door that all processes look for an object store at; open before there is one."""
    with open_door() as door:
        yield door


@pytest.fixture(scope="session")
def environment(trouble: Trouble, door: Door) -> dict[str, str]:
    """Of drivers and of clusters: nobody has switched any telemetry off."""
    store = {
        "endpoint_url": f"http://127.0.0.1:{door.server_address[1]}", "key": "testing", "secret": "testing",
        "config_kwargs": {"connect_timeout": 2, "read_timeout": 2, "retries": {"total_max_attempts": 3}},
    }  # fmt: skip
    own = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None)}
    path = os.pathsep.join(filter(None, [str(HOOKS), os.environ.get("PYTHONPATH")]))
    told = {
        "PYTHONPATH": path, "TROUBLE": str(trouble.folder), "TROUBLE_OWN": " ".join(map(str, own)),
        "FSSPEC_S3": json.dumps(store), "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    return {name: value for name, value in os.environ.items() if name not in SILENT} | told


@pytest.fixture(scope="session")
def ray_known(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a driver has to know of the Ray cluster."""
    if not sys.platform.startswith("linux"):
        pytest.skip("two nodes on one machine need two loopback addresses")
    with ray_cluster(tmp_path_factory.mktemp("ray"), environment) as known:
        yield dict(known)


@pytest.fixture(scope="session")
def dask_known(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a driver has to know of the Dask cluster."""
    with dask_cluster(tmp_path_factory.mktemp("dask"), environment) as known:
        yield dict(known)


@pytest.fixture
def carrier(request: pytest.FixtureRequest, environment: dict[str, str], trouble: Trouble) -> Carrier:
    """The engine that a test is about, on its cluster."""
    known = request.getfixturevalue(f"{request.param}_known") if request.param in {"ray", "dask"} else {}
    return Carrier(request.param, environment | known, trouble)


@pytest.fixture(scope="session")
def store(door: Door, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """An object store with a bucket `news`, behind the door."""
    with s3_server(tmp_path_factory.mktemp("s3"), environment) as port:
        door.behind = port
        yield door


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with every kind of input and every kind of damage."""
    folder = tmp_path_factory.mktemp("news")
    for place, name in enumerate(("a.jsonl", "b.jsonl.gz", "c.parquet")):
        written(folder / name, range(place * 10, place * 10 + 10))
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    (folder / "examples.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    (folder / "pages.warc.gz").write_bytes(web_archive(30, packed=True).raw)
    bad = b'{"text": \n{"id": "x"}\n{"id": "e", "text": " "}\n'
    (folder / "bad.jsonl").write_bytes(lines(range(30, 33)) + bad + lines(range(33, 36)))
    packed = gzip.compress(lines(range(40, 240)))
    (folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    middle = len(packed) // 2
    (folder / "damaged.jsonl.gz").write_bytes(packed[:middle] + b"\x00\xff\x55" * 20 + packed[middle + 60 :])
    (folder / "empty.jsonl").write_bytes(b"")
    return folder


def read_by_itself(folder: Path, out: Path) -> Path:
    """What an archive gives, read shard by shard in this process, without an engine."""
    for shard in plan([str(folder)], Out(str(out)), RULES).todo:
        assert process_shard(shard.uri, str(out), RULES).error is None
    return out


@pytest.fixture(scope="session")
def reference(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the inputs give without an engine."""
    return read_by_itself(inputs, tmp_path_factory.mktemp("reference"))
