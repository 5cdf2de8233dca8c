"""Runs over many shards: what is finished is not read again, and what is killed goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from onrecord.archive import plan as plans
from onrecord.archive.engines import engine
from onrecord.archive.engines.local import Local
from onrecord.archive.places import Out
from onrecord.archive.plan import Plan, plan
from onrecord.archive.report import ArchiveSettings, ShardReport, failed
from onrecord.archive.run import IN_A_ROW, Summary, run
from onrecord.archive.shard import process_shard
from onrecord.errors import ArchiveError
from onrecord.settings import Settings
from tests.archiving import RULES, files, held, lines, read_directly, written

OTHER = ArchiveSettings(reading=Settings(reader="rules", min_confidence=0.9))


class Here:
    """An engine in this very process; keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def run(self, uris: Sequence[str], out: str, settings: ArchiveSettings, workers: int) -> Iterator[ShardReport]:
        """See Engine."""
        self.given += uris
        return (process_shard(uri, out, settings) for uri in uris)


def planned(where: Path | str, out: Path, settings: ArchiveSettings = RULES) -> Plan:
    """What there is to do in a folder."""
    return plan([str(where)], Out(str(out)), settings)


def ran(where: Path | str, out: Path, settings: ArchiveSettings = RULES, **how: Any) -> tuple[Summary, list[str]]:
    """A run, and the shards that were read."""
    here = Here()
    return run(planned(where, out, settings), Out(str(out)), settings, here, workers=1, **how), here.given


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of three archives and what lies beside them."""
    folder = tmp_path / "in"
    written(folder / "a.jsonl", range(12))
    written(folder / "deep/b.jsonl.gz", range(12, 20))
    written(folder / "c.parquet", range(20, 40))
    (folder / "README.md").write_text("not an article")
    (folder / "_SUCCESS").write_text("")
    (folder / ".hidden.jsonl").write_bytes(lines(range(3)))
    return folder


def test_a_run_reads_every_archive_once_and_tells_what_it_did(inputs: Path, tmp_path: Path) -> None:
    done, given = ran(inputs, tmp_path / "out")
    assert sorted(Path(uri).name for uri in given) == ["a.jsonl", "b.jsonl.gz", "c.parquet"]
    assert planned(inputs, tmp_path / "out").passed_over == 1
    assert (done.read.articles, done.read.shards, done.failures) == (40, 3, ())
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest == done.manifest
    assert manifest["holds"]["articles"] == 40
    assert manifest["made_by"]["fr"]["reader"] == "rules"
    records, _ = held(tmp_path / "out")
    assert records == read_directly(*sorted(given))


def test_a_finished_archive_is_not_read_again(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(inputs, tmp_path / "out")
    before = files(tmp_path / "out")

    def fails(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(plans, "metadata_of", fails)
    monkeypatch.setattr(Out, "open", fails)
    done, given = ran(inputs, tmp_path / "out")
    assert (given, done.finished_before, done.read.shards) == ([], 3, 0)
    assert done.manifest["holds"]["articles"] == 40
    assert files(tmp_path / "out") == before


def test_an_archive_that_has_grown_costs_what_is_new(inputs: Path, tmp_path: Path) -> None:
    ran(inputs, tmp_path / "out")
    written(inputs / "d.jsonl", range(40, 45))
    done, given = ran(inputs, tmp_path / "out")
    assert [Path(uri).name for uri in given] == ["d.jsonl"]
    assert (done.read.articles, done.manifest["holds"]["articles"], done.replaced) == (5, 45, 0)


def test_a_changed_input_takes_the_place_of_what_it_was(inputs: Path, tmp_path: Path) -> None:
    ran(inputs, tmp_path / "out")
    written(inputs / "a.jsonl", range(100, 115))
    done, given = ran(inputs, tmp_path / "out")
    assert ([Path(uri).name for uri in given], done.replaced) == (["a.jsonl"], 1)
    records, _ = held(tmp_path / "out")
    assert records == read_directly(*(str(inputs / name) for name in ("a.jsonl", "c.parquet", "deep/b.jsonl.gz")))
    assert done.manifest["holds"]["articles"] == 15 + 8 + 20
    assert not [name for name in files(tmp_path / "out") if done.manifest["maker"] not in name]


def test_another_reader_does_not_add_to_what_is_there_unless_it_replaces_it(inputs: Path, tmp_path: Path) -> None:
    ran(inputs, tmp_path / "out")
    with pytest.raises(ArchiveError, match=r"counted twice.*--replace"):
        ran(inputs, tmp_path / "out", OTHER)
    done, given = ran(inputs, tmp_path / "out", OTHER, replace=True)
    assert (len(given), done.replaced) == (3, 3)
    records, _ = held(tmp_path / "out")
    assert {record.made_by.settings for record in records} == {OTHER.reading.reading_digest()}
    assert len(records) == 40


def test_large_parquet_files_are_parted_and_finished_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "RANGE_BYTES", 2000)
    path = written(tmp_path / "in/a.parquet", range(40))
    found = planned(path, tmp_path / "out")
    assert len(found.todo) > 2
    assert abs(sum(shard.bytes for shard in found.todo) - found.bytes) < found.bytes / 2
    assert process_shard(found.todo[0].uri, str(tmp_path / "out"), RULES).name == found.todo[0].name
    again = planned(path, tmp_path / "out")
    assert {shard.uri for shard in again.todo} == {shard.uri for shard in found.todo[1:]}
    ran(path, tmp_path / "out")
    records, _ = held(tmp_path / "out")
    assert records == read_directly(path)
    assert planned(path, tmp_path / "out").todo == ()


def test_a_manifest_that_was_lost_is_counted_anew(inputs: Path, tmp_path: Path) -> None:
    first, _ = ran(inputs, tmp_path / "out")
    (tmp_path / "out/manifest.json").unlink()
    second, _ = ran(inputs, tmp_path / "out")
    assert second.manifest["holds"] == first.manifest["holds"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("none", "no such file"), ("empty", "no archive in it"), ("a.parquet#row-groups=0-1", "whole file")],
)
def test_inputs_that_are_none_are_told_before_anything_is_read(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArchiveError, match=why):
        planned(tmp_path / name, tmp_path / "out")


def test_a_pattern_stands_for_its_files(inputs: Path, tmp_path: Path) -> None:
    found = planned(inputs / "*.jsonl", tmp_path / "out")
    assert [Path(shard.uri).name for shard in found.todo] == ["a.jsonl"]


def test_a_disk_that_is_full_ends_the_run_instead_of_reading_on(tmp_path: Path) -> None:
    for n in range(IN_A_ROW + 5):
        written(tmp_path / f"in/{n:02}.jsonl", [n])
    tried: list[str] = []

    class Full:
        def run(self, uris: Sequence[str], *_: object) -> Iterator[ShardReport]:
            try:
                for uri in uris:
                    tried.append(uri)
                    yield failed(uri, "No space left on device")
            finally:
                tried.append("closed")

    with pytest.raises(ArchiveError, match=r"No space left.*start it again"):
        run(planned(tmp_path / "in", tmp_path / "out"), Out(str(tmp_path / "out")), RULES, Full(), workers=1)
    assert tried[IN_A_ROW:] == ["closed"]


def test_an_engine_that_is_not_known_is_named_with_those_that_are() -> None:
    with pytest.raises(ArchiveError, match="no such engine: spark — one of local, daft, ray, dask"):
        engine("spark")


# --- processes that are killed ----------------------------------------------------------------------------------------


def at_work(out: Path, then: Callable[[], None], times: int) -> None:
    """Does something as often as a shard begins to be written, so many times at most; in a thread of its own."""

    def watch() -> None:
        seen: set[str] = set()
        while len(seen) < times:
            begun = {folder.name for folder in out.glob(".parts/*")} - seen
            if begun:
                seen |= begun
                then()
            time.sleep(0.001)

    threading.Thread(target=watch, daemon=True).start()


def kill_children() -> None:
    """Kills the processes that this one has started, without a word."""
    for child in active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)


@pytest.mark.parametrize("times", [1, 3])
def test_a_worker_killed_within_a_shard_costs_a_try_and_not_the_run(tmp_path: Path, times: int) -> None:
    uris = [written(tmp_path / "a.jsonl", range(60))]
    at_work(tmp_path / "out", kill_children, times)
    (report,) = Local().run(uris, str(tmp_path / "out"), RULES, 1)
    if times < 3:
        assert (report.error, report.articles) == (None, 60)
        assert list((tmp_path / "out/.parts").iterdir()) == []
        assert held(tmp_path / "out")[0] == read_directly(*uris)
    else:
        assert "killed 3 times" in (report.error or "")
        assert not list((tmp_path / "out").glob("reports/*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs sessions of processes")
def test_a_run_whose_driver_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", range(60))
    command = [sys.executable, "-m", "onrecord", "archive", path, "--out", str(tmp_path / "out")]
    command += ["--reader", "rules", "--workers", "1", "--format", "json"]
    driver = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    at_work(tmp_path / "out", driver.kill, 1)
    assert driver.wait(300) == -signal.SIGKILL
    _wait_for_end_of(driver.pid)
    again = subprocess.run(command, capture_output=True, check=True, timeout=300)
    assert json.loads(again.stdout)["finished_before"] + json.loads(again.stdout)["read"]["shards"] == 1
    assert held(tmp_path / "out")[0] == read_directly(path)


def _wait_for_end_of(session: int) -> None:
    """Waits until the workers of a killed driver have ended, which they do by themselves."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("workers outlived their driver")
