"""One suite for all engines: the same bytes from each, whatever dies; see also test_stores.py and test_silence.py."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from onrecord.archive.engines import TRIES
from tests.archiving import files, written
from tests.conformance.conftest import Carrier, read_by_itself

# warcio leaves its temporary files to the collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
OTHERS = tuple(pytest.param(name, marks=pytest.mark.engines) for name in ("daft", "ray", "dask"))
on_each = pytest.mark.parametrize("carrier", ["local", *OTHERS], indirect=True)
slowly_on_each = pytest.mark.parametrize(
    "carrier", [pytest.param("local", marks=pytest.mark.slow), *OTHERS], indirect=True
)


def shards(folder: Path, *names: str) -> Path:
    """A small archive of files with these names."""
    for place, name in enumerate(names):
        written(folder / name, range(place * 5, place * 5 + 5))
    return folder


@on_each
def test_the_files_are_those_of_reading_shard_by_shard(
    carrier: Carrier, inputs: Path, reference: Path, tmp_path: Path
) -> None:
    ran = carrier.run(inputs, tmp_path / "out")
    assert ran.code == 1, ran.error  # some records were refused
    assert ran.summary["failures"] == []
    assert {"malformed", "empty"} <= set(ran.summary["read"]["refusals"])
    assert files(tmp_path / "out") == files(reference)


@slowly_on_each
def test_what_is_finished_is_not_read_again_and_what_is_new_is(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", "a.jsonl", "b.jsonl")
    assert carrier.run(news, tmp_path / "out").summary["read"]["shards"] == 2
    written(news / "c.jsonl", range(10, 15))
    for before, new in ((2, 1), (3, 0)):
        ran = carrier.run(news, tmp_path / "out")
        assert (ran.code, ran.summary["finished_before"], ran.summary["read"]["shards"]) == (0, before, new), ran.error
    assert files(tmp_path / "out") == files(read_by_itself(news, tmp_path / "reference"))


@on_each
def test_a_killed_worker_costs_its_shard_another_try(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", "a.jsonl", "b.jsonl", "killer-c.jsonl", "d.jsonl", "e.jsonl")
    ran = carrier.run(news, tmp_path / "out")
    assert (ran.code, ran.summary["failures"]) == (0, []), ran.error
    killed = [path for _, path in carrier.trouble.told("kills") if path.startswith(str(tmp_path))]
    assert killed == [str(news / "killer-c.jsonl")]
    assert files(tmp_path / "out") == files(read_by_itself(news, tmp_path / "reference"))


@slowly_on_each
def test_a_shard_that_kills_every_worker_is_given_up_and_the_others_are_read(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", "a.jsonl", "b.jsonl", "poison-c.jsonl", "d.jsonl", "e.jsonl")
    poison = str(news / "poison-c.jsonl")
    ran = carrier.run(news, tmp_path / "out")
    assert ran.code == 1, ran.error
    assert [failure["uri"] for failure in ran.summary["failures"]] == [poison]
    assert ran.summary["read"]["shards"] == 4
    assert [path for _, path in carrier.trouble.told("kills")].count(poison) == TRIES


@slowly_on_each
def test_a_killed_driver_is_started_again_and_nothing_is_missing_or_twice(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", *(f"slow-{n}.jsonl" for n in range(8)))
    out = tmp_path / "out"
    driver = subprocess.Popen(carrier.command(news, out), env=carrier.environment, stdout=subprocess.DEVNULL)
    while not list(out.glob("reports/*.json")):
        assert driver.poll() is None
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    ran = carrier.run(news, out)
    assert (ran.code, ran.summary["failures"]) == (0, []), ran.error
    assert ran.summary["finished_before"] + ran.summary["read"]["shards"] == 8
    assert ran.summary["finished_before"] > 0
    assert files(out) == files(read_by_itself(news, tmp_path / "reference"))


@slowly_on_each
def test_a_full_disk_is_told_and_what_is_missing_comes_when_there_is_room(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", "a.jsonl", "b.jsonl", "c.jsonl")
    carrier.trouble.full.touch()
    try:
        ran = carrier.run(news, tmp_path / "out")
    finally:
        carrier.trouble.full.unlink()
    assert ran.code != 0
    assert "No space left on device" in ran.error
    ran = carrier.run(news, tmp_path / "out")
    assert (ran.code, ran.summary["failures"], ran.summary["read"]["shards"]) == (0, [], 3), ran.error
    assert files(tmp_path / "out") == files(read_by_itself(news, tmp_path / "reference"))


@slowly_on_each
def test_weights_are_loaded_once_a_worker(carrier: Carrier, tmp_path: Path) -> None:
    news = shards(tmp_path / "news", *(f"{n}.jsonl" for n in range(6)))
    before = len(carrier.trouble.told("weights"))
    ran = carrier.run(news, tmp_path / "out", "--reader=tagger")
    assert (ran.code, ran.summary["read"]["shards"]) == (0, 6), ran.error
    loaded = Counter(carrier.trouble.told("weights")[before:])
    assert loaded
    assert set(loaded.values()) == {1}
    assert len({who for who, _ in loaded}) <= 3  # two workers, and the driver, which names what reads
