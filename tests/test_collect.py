"""Collecting: only what is new is read, and a run that is killed goes on where it was."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kill import contents, inputs, killed
from onrecord.collect import Progress, collect
from onrecord.desk import Desk
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.store import Store
from onrecord.types import Article, Record

TEXT = "La maire de Brévent, Ana Roy, a déclaré lundi que le pont numéro {} rouvrirait avant l'été, devant tous."


@pytest.fixture
def desk() -> Desk:
    return Desk(Settings(reader="rules"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.db", create=True) as one:
        yield one


def lines(path: Path, *objects: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return path


def articles(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"a{n}", "text": TEXT.format(n)} | more for n in range(number)]


def run(store: Store, desk: Desk, path: Path, **how: Any) -> Progress:
    return collect(open_inputs([str(path)], desk.settings), store, desk, **how)


def test_what_is_there_is_not_read_again(
    tmp_path: Path, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lines(tmp_path / "a.jsonl", *articles(40))
    first = run(store, desk, path)
    assert (first.new, first.unchanged, first.statements) == (40, 0, 40)
    read: list[str] = []
    original = desk.read_many

    def watched(found: Iterable[Article], **how: Any) -> Iterator[Record]:
        for record in original(found, **how):
            read.append(record.article.id)
            yield record

    monkeypatch.setattr(desk, "read_many", watched)
    assert (run(store, desk, path).unchanged, read) == (40, [])
    changed = articles(41)
    changed[3]["text"] += " Elle a promis une fête."
    again = run(store, desk, lines(path, *changed))
    assert (again.new, again.changed, again.unchanged) == (1, 1, 39)
    assert sorted(read) == ["a3", "a40"]


def test_another_reader_reads_anew_and_the_earlier_reading_stays(tmp_path: Path, store: Store, desk: Desk) -> None:
    path = lines(tmp_path / "a.jsonl", *articles(3))
    run(store, desk, path)
    again = run(store, Desk(Settings(reader="rules", min_confidence=0.9)), path)
    assert (again.changed, again.new) == (3, 0)
    assert (store.stats().articles, store.stats().readings) == (3, 6)
    assert store.verify().problems == ()


def test_refusals_are_counted_and_kept(tmp_path: Path, store: Store, desk: Desk) -> None:
    path = lines(tmp_path / "a.jsonl", *articles(2), {"id": "e", "text": ""}, {"id": "n"}, *articles(3)[2:])
    told: list[Progress] = []
    progress = run(store, desk, path, told=told.append)
    assert (progress.new, progress.refused, progress.reasons) == (3, 2, {"empty": 1, "malformed": 1})
    assert progress.articles == 5
    assert told[-1].articles == 5
    assert {(refusal.id, refusal.reason) for refusal in store.refusals()} == {("e", "empty"), ("n", "malformed")}
    run(store, desk, lines(path, {"id": "e", "text": TEXT.format(9)}))
    assert [refusal.id for refusal in store.refusals()] == ["n"]


def test_several_cores_give_the_same(tmp_path: Path, desk: Desk) -> None:
    path = lines(tmp_path / "a.jsonl", *articles(100))
    found = []
    for cores in (1, 2):
        with Store(tmp_path / f"{cores}.db", create=True) as store:
            assert run(store, desk, path, cores=cores).new == 100
        found.append(contents(tmp_path / f"{cores}.db"))
    assert found[0] == found[1]


def test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    path = inputs(tmp_path / "a.jsonl", 1500)
    with Store(tmp_path / "whole.db", create=True) as store:
        desk = Desk(Settings(reader="rules"))
        run(store, desk, path)
    kills = killed(path, tmp_path / "killed.db", kills=8, seed=1, reader="rules", most_s=1.2)
    assert kills >= 3
    assert contents(tmp_path / "killed.db") == contents(tmp_path / "whole.db")
    with Store(tmp_path / "killed.db") as store:
        assert store.verify().problems == ()
        assert store.stats().articles == 1500


def test_the_command_collects_and_says_what_it_did(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", *articles(5), {"id": "e", "text": ""})
    command = [sys.executable, "-m", "onrecord", "collect", "a.jsonl", "--into", "s.db", "--reader", "rules"]
    first = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8")
    said, _, rate = first.stdout.partition(" statements added")
    assert (first.returncode, said) == (1, "s.db: 5 new, 1 refused (1 empty); 5")
    assert rate == "\n" or rate.endswith(" a second\n")  # where it took long enough to tell
    assert "a.jsonl:6" in first.stderr
    lines(tmp_path / "a.jsonl", *articles(5))
    again = subprocess.run([*command, "--quiet"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    with sqlite3.connect(tmp_path / "s.db") as connection:
        assert connection.execute("SELECT count(*) FROM article_list").fetchone() == (5,)


def test_watching_collects_what_comes_until_it_is_stopped(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", *articles(2))
    command = [sys.executable, "-m", "onrecord", "collect", str(path), "--into", str(tmp_path / "s.db"), "--watch", "1"]
    with subprocess.Popen([*command, "--reader", "rules"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "2 new" in process.stdout.readline()
        lines(path, *articles(3))
        while "1 new" not in (line := process.stdout.readline()):
            assert "3 unchanged" in line or "2 unchanged" in line
        process.terminate()
    with Store(tmp_path / "s.db") as store:
        assert store.stats().articles == 3
