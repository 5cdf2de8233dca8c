"""One shard: the same rows as reading directly, every error a row, and an output that is whole or not there."""

from __future__ import annotations

import errno
import gzip
import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import msgspec
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from benchmarks.warc import archive
from onrecord.archive import output, shard
from onrecord.archive.naming import desk_of
from onrecord.archive.places import Out
from onrecord.archive.report import ArchiveSettings
from onrecord.archive.shard import process_shard
from onrecord.intake.packed import unpacked_lines
from onrecord.settings import Settings
from tests.archiving import RULES, done, files, held, lines, read_directly, written

# warcio leaves its temporary files to the collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_a_shard_holds_what_reading_directly_finds_in_its_order(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, range(30))
    report = done(path, tmp_path / "out")
    records, refusals = held(tmp_path / "out")
    assert records == read_directly(path)
    assert refusals == []
    assert report.articles == len(records) == 30
    assert report.statements == sum(len(record.statements) for record in records) > 30


def test_rows_are_parted_by_language_and_month(tmp_path: Path) -> None:
    report = done(written(tmp_path / "a.jsonl", range(30)), tmp_path / "out")
    records, _ = held(tmp_path / "out")
    months = Counter((r.article.language, (r.article.published or "undated")[:7]) for r in records)
    assert set(report.parts) == {f"language={language}/month={month}" for language, month in months}
    for (language, month), number in months.items():
        found = pq.read_metadata(tmp_path / f"out/articles/language={language}/month={month}/{report.name}.parquet")
        assert found.num_rows == number


def test_a_web_archive_is_a_shard_whose_bad_pages_are_rows(tmp_path: Path) -> None:
    made = archive(60, packed=True)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(made.raw)
    report = done(str(path), tmp_path / "out")
    records, refusals = held(tmp_path / "out")
    assert {record.article.url for record in records} == made.good
    assert len(refusals) == report.refused == made.bad
    assert (records, refusals) == _parted_directly(str(path))


def _parted_directly(path: str) -> tuple[list[Any], list[Any]]:
    found = read_directly(path)
    return [one for one in found if hasattr(one, "article")], [one for one in found if not hasattr(one, "article")]


def test_bad_records_are_rows_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(range(3)) + b'{"text": \n{"id": "x"}\n{"id": "e", "text": " "}\n' + lines(range(3, 6)))
    report = done(str(path), tmp_path / "out")
    assert report.articles == 6
    assert report.refusals == {"empty": 1, "malformed": 2}
    _, refusals = held(tmp_path / "out")
    assert [refusal.origin for refusal in refusals] == [f"{path}:{n}" for n in (4, 5, 6)]


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "damaged"])
def test_a_damage_costs_its_member_and_is_a_row(tmp_path: Path, cut: bool) -> None:
    members = [gzip.compress(lines(numbers)) for numbers in (range(40), range(40, 80), range(80, 120))]
    at = len(members[1]) // 2
    bad = members[1][:at] if cut else members[1][:at] + b"\xff\x00\xff" + members[1][at + 3 :]
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(members[0] + bad + members[2])
    report = done(str(path), tmp_path / "out")
    records, refusals = held(tmp_path / "out")
    assert [record.article.id for record in records] == [f"a{n}" for n in (*range(40), *range(80, 120))]
    assert [refusal.reason for refusal in refusals] == ["malformed"]
    assert "damaged" in refusals[0].message
    assert report.refused == 1


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_a_damage_has_altered_is_ever_given(seed: int) -> None:
    """What is unpacked behind a damage looks like text for long; the check sum alone tells."""
    order = random.Random(seed)
    good = [lines(range(n, n + 50)) for n in (0, 50, 100)]
    raw = bytearray(b"".join(map(gzip.compress, good)))
    at = order.randrange(len(raw) - 30)
    raw[at : at + 3] = order.randbytes(3)
    inner, damages = unpacked_lines(io.BytesIO(raw))
    found = inner.read()
    assert found in {b"".join(good[:n] + good[n + 1 :]) for n in range(3)} | {b"".join(good)}
    assert bool(damages) is (found != b"".join(good))


def test_a_file_that_ends_too_early_keeps_what_stands_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(range(300)))[:-200])
    done(str(path), tmp_path / "out")
    records, refusals = held(tmp_path / "out")
    assert [record.article.id for record in records] == [f"a{n}" for n in range(len(records))]
    assert 150 < len(records) < 300
    assert ["cut off" in refusal.message for refusal in refusals] == [True]


def test_what_is_finished_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.jsonl", range(5))
    first = done(path, tmp_path / "out")

    def fails(*_: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(shard, "opened", fails)
    assert done(path, tmp_path / "out") == msgspec.structs.replace(first, skipped=True)


@pytest.mark.parametrize(
    "changed",
    [
        ArchiveSettings(reading=Settings(reader="rules", min_confidence=0.9)),
        ArchiveSettings(reading=Settings(reader="rules", max_article_chars=50)),
        ArchiveSettings(reading=RULES.reading, language="fr"),
        ArchiveSettings(reading=RULES.reading, columns={"title": "outlet"}),
        ArchiveSettings(),
    ],
)
def test_other_settings_make_another_output_and_the_same_ones_none(tmp_path: Path, changed: ArchiveSettings) -> None:
    path = written(tmp_path / "a.jsonl", range(5))
    first = done(path, tmp_path / "out")
    second = done(path, tmp_path / "out", changed)
    assert not second.skipped
    assert first.name != second.name
    assert done(path, tmp_path / "out", changed).skipped


def test_a_changed_input_makes_another_output(tmp_path: Path) -> None:
    first = done(written(tmp_path / "a.jsonl", range(5)), tmp_path / "out")
    second = done(written(tmp_path / "a.jsonl", range(6)), tmp_path / "out")
    assert first.name != second.name
    assert first.name.split("-")[0] == second.name.split("-")[0]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", range(40))
    for out in ("one", "two"):
        done(path, tmp_path / out)
    assert files(tmp_path / "one") == files(tmp_path / "two") != {}


def test_row_groups_are_shards_that_make_the_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", range(30))  # groups of four
    for groups in ("0-2", "3-3", "4-7"):
        done(f"{path}#row-groups={groups}", tmp_path / "out")
    records, _ = held(tmp_path / "out")
    assert records == read_directly(path)


@pytest.mark.parametrize("groups", ["3-9", "2-1", "x", "0-0"])
def test_row_groups_that_are_not_there_are_an_error_of_the_shard(tmp_path: Path, groups: str) -> None:
    path = written(tmp_path / "a.parquet", range(6))
    report = process_shard(f"{path}#row-groups={groups}", str(tmp_path / "out"), RULES)
    assert (report.error is None) is (groups == "0-0")


def test_an_article_that_the_reader_fails_on_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.jsonl", range(10))
    desk = desk_of(RULES.reading)
    read = desk.read_many

    def fails(articles: Any, **how: Any) -> Any:
        if any(article.id == "a3" for article in articles):
            raise KeyError("no such thing")
        return read(articles, **how)

    monkeypatch.setattr(desk, "read_many", fails)
    report = done(path, tmp_path / "out")
    records, refusals = held(tmp_path / "out")
    assert len(records) == report.articles == 9
    assert [(refusal.id, refusal.reason) for refusal in refusals] == [("a3", "unreadable")]
    assert "KeyError" in refusals[0].message


def test_a_shard_that_another_process_finished_meanwhile_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine may believe a worker dead that is not; the one that finishes first takes the other's files away."""
    path = written(tmp_path / "a.jsonl", range(5))
    put = Out.put

    def slow(self: Out, *given: Any) -> None:
        monkeypatch.setattr(Out, "put", put)
        done(path, tmp_path / "out")
        put(self, *given)

    monkeypatch.setattr(Out, "put", slow)
    report = done(path, tmp_path / "out")
    assert (report.articles, report.skipped) == (5, True)
    assert held(tmp_path / "out")[0] == read_directly(path)


# --- places -----------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_nothing_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.jsonl", range(20))
    out = tmp_path / "out"
    written_so_far = 0

    def full(stream: Any) -> None:
        nonlocal written_so_far
        written_so_far += 1
        if written_so_far > 4:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(output, "sync", full)
        report = process_shard(path, str(out), RULES)
    assert report.error is not None
    assert "No space left on device" in report.error
    assert [file for file in out.rglob("*") if file.is_file()] == []
    assert done(path, out).articles == 20


class Flaky(MemoryFileSystem):  # type: ignore[misc] # fsspec has no types
    """An object store that fails as often as it is told to."""

    protocol = "flaky"
    store: dict[str, Any] = {}  # noqa: RUF012 - of the base, by class
    pseudo_dirs = [""]  # noqa: RUF012
    failures = 0

    @classmethod
    def _strip_protocol(cls, path: str) -> Any:
        return super()._strip_protocol(path.replace("flaky://", "memory://"))

    def _open(self, *given: Any, **how: Any) -> Any:
        if Flaky.failures:
            Flaky.failures -= 1
            raise ConnectionResetError("the store hung up")
        return super()._open(*given, **how)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Flaky]:
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setattr(shard, "WAITS_S", (0.0, 0.0))
    Flaky.store.clear()
    yield Flaky()
    Flaky.failures = 0


def test_an_object_store_gives_what_a_disk_does(tmp_path: Path, store: Flaky) -> None:
    raw = lines(range(20)) + b"{}\n"
    store.pipe_file("/in/a.jsonl", raw)
    (tmp_path / "a.jsonl").write_bytes(raw)
    remote = done("flaky://in/a.jsonl", "flaky://out")
    here = done(str(tmp_path / "a.jsonl"), tmp_path / "out")
    assert (remote.articles, remote.statements, remote.refusals) == (here.articles, here.statements, here.refusals)
    there = {path: store.cat_file(path) for path in store.find("/out") if path.endswith(".parquet")}
    assert len(there) == len(files(tmp_path / "out")) > 3
    assert json.loads(store.cat_file(f"/out/reports/{remote.name}.json"))["uri"] == "flaky://in/a.jsonl"
    records, refusals = held("flaky://out")
    assert [r.statements for r in records] == [r.statements for r in held(tmp_path / "out")[0]]
    assert len(refusals) == 1
    assert done("flaky://in/a.jsonl", "flaky://out").skipped


def test_a_store_that_fails_once_costs_another_try(store: Flaky) -> None:
    store.pipe_file("/in/a.jsonl", lines(range(5)))
    Flaky.failures = 1
    assert done("flaky://in/a.jsonl", "flaky://out").articles == 5


def test_a_store_that_is_gone_is_an_error_of_the_shard_and_no_refusal(store: Flaky) -> None:
    store.pipe_file("/in/a.jsonl", lines(range(5)))
    Flaky.failures = 99
    report = process_shard("flaky://in/a.jsonl", "flaky://out", RULES)
    assert report.error is not None
    assert "the store hung up" in report.error
    assert not store.find("/out")


def test_a_connection_lost_within_a_file_is_never_taken_for_a_damaged_file(
    store: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.pipe_file("/in/a.jsonl.gz", gzip.compress(lines(range(4000))))
    inner = type(store.open("/in/a.jsonl.gz"))

    def cut(self: Any, size: int = -1) -> bytes:
        if self.tell() > 20_000:
            raise TimeoutError("no answer")
        return bytes(super(inner, self).read(min(size, 16_384)))

    monkeypatch.setattr(inner, "read", cut, raising=False)
    report = process_shard("flaky://in/a.jsonl.gz", "flaky://out", RULES)
    assert report.error is not None
    assert "no answer" in report.error
    assert not store.find("/out")


def test_what_does_not_exist_is_an_error_of_the_shard(tmp_path: Path) -> None:
    report = process_shard(str(tmp_path / "none.jsonl"), str(tmp_path / "out"), RULES)
    assert report.error is not None
    assert "none.jsonl" in report.error
