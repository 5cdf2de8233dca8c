"""Adapters to engines, as far as that can be told without the engines; ./run conformance runs them."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from onrecord.archive import engines
from onrecord.archive.engines import ADAPTERS, EVERY, SILENT, engine, workers_of
from onrecord.archive.engines.local import Local, Worker
from onrecord.errors import ArchiveError
from tests.archiving import RULES, written

LIBRARY = Path(engines.__file__).parents[2]
LIBRARIES = {"daft", "ray", "dask", "distributed"}
MAX_LINES = 60


def imports_of(path: Path) -> set[str]:
    """The libraries that a file imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in named}


@pytest.mark.parametrize("name", ["daft", "dask"])
def test_an_adapter_is_short(name: str) -> None:
    path = Path(engines.__file__).with_name(f"{name}.py")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_no_engine_is_imported_but_by_its_adapter() -> None:
    found = {path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py") if imports_of(path) & LIBRARIES}
    assert found == {"archive/engines/daft.py", "archive/engines/dask.py"}


def test_telemetry_is_off_as_soon_as_an_adapter_can_be_imported() -> None:
    assert {name: os.environ.get(name) for name in SILENT} == SILENT
    assert {"DO_NOT_TRACK", "RAY_USAGE_STATS_ENABLED"} <= set(SILENT)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_an_engine_is_made_or_its_extra_is_named(name: str) -> None:
    try:
        made = engine(name)
    except ArchiveError as error:
        assert f'pip install "onrecord[{ADAPTERS[name][2]}]"' in str(error)
    else:
        assert type(made).__name__ == ADAPTERS[name][1]


def test_a_cluster_is_asked_for_all_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("RAY_ADDRESS", "DASK_SCHEDULER_ADDRESS"):
        monkeypatch.delenv(variable, raising=False)
    assert [workers_of(name, cores=4) for name in ADAPTERS] == [4, 4, 4, 4]
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.2:6379")
    assert {name: workers_of(name, cores=4) for name in ADAPTERS} == {"local": 4, "daft": 4, "ray": EVERY, "dask": 4}


def test_a_worker_that_was_stopped_does_not_start_again(tmp_path: Path) -> None:
    worker = Worker()
    worker.stop()
    report = worker.read(written(tmp_path / "a.jsonl", range(2)), str(tmp_path / "out"), RULES)
    assert report.error == "the run was ended"


def test_no_shard_needs_no_worker(tmp_path: Path) -> None:
    assert list(Local().run([], str(tmp_path), RULES, 2)) == []
