"""The commands over a store: what they print, for people and for programs, and how they end."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from onrecord.cli.main import cli
from onrecord.store import Store
from tests.storing import said


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write(
            [
                said("a", "Ana Roy", "que le pont rouvrira", published="2026-01-05", outlet="AFP", title="Le pont"),
                said("b", "Ana Roy", "non", of={"act": "deny", "type": "direct"}, published="2026-02-05"),
                said("c", "=Luc Bart", "\x1b[31mrouge", published="2026-03-05", title="+1"),
            ]
        )
    return tmp_path / "s.db"


def run(path: Path, *arguments: str, **how: Any) -> Result:
    where = [] if arguments[0] in {"collect", "import"} else ["--store", str(path)]
    return CliRunner().invoke(cli, [*arguments, *where], standalone_mode=False, **how)


def code(result: Result) -> object:
    if result.exception is not None:
        raise result.exception
    return result.return_value


def test_search_prints_statements_and_says_when_there_are_none(path: Path) -> None:
    found = run(path, "search", "pont")
    assert code(found) == 0
    assert "Ana Roy · assert" in found.stdout
    assert "2026-01-05 · AFP · Le pont" in found.stdout
    nothing = run(path, "search", "pont", "--act", "deny")
    assert (code(nothing), nothing.stdout, nothing.stderr) == (1, "", "onrecord: nothing found\n")


def test_filters_and_order_are_options(path: Path) -> None:
    asked = ["search", "--speaker", "roy", "--after", "2026-02", "--type", "direct", "--format", "jsonl"]
    (line,) = run(path, *asked).stdout.splitlines()
    assert json.loads(line)["article"] == "b"
    oldest = run(path, "search", "--order", "oldest", "--format", "jsonl", "--limit", "2")
    assert [json.loads(one)["article"] for one in oldest.stdout.splitlines()] == ["a", "b"]


def test_json_and_csv_are_whole_and_safe(path: Path) -> None:
    assert [hit["article"] for hit in json.loads(run(path, "search", "--format", "json").stdout)] == ["c", "b", "a"]
    assert json.loads(run(path, "search", "nothing", "--format", "json").stdout) == []
    rows = list(csv.DictReader(io.StringIO(run(path, "search", "--format", "csv").stdout)))
    assert rows[0]["speaker"] == "'=Luc Bart"
    assert rows[0]["title"] == "'+1"
    assert rows[1]["negated"] == "no"


def test_control_characters_do_not_reach_the_terminal(path: Path) -> None:
    assert "\x1b" not in run(path, "search", "rouge").stdout
    assert "\x1b" not in run(path, "speaker", "Bart").stdout


def test_a_statement_and_an_article_are_shown(path: Path) -> None:
    with Store(path) as store:
        (hit,) = store.search("pont")
    shown = run(path, "show", hit.id[:7])
    assert code(shown) == 0
    assert hit.id in shown.stdout
    assert "because" in shown.stdout
    assert json.loads(run(path, "show", "a", "--format", "json").stdout)["article"]["id"] == "a"
    missing = run(path, "show", "zzz")
    assert (code(missing), "no statement and no article" in missing.stderr) == (1, True)


def test_who_is_quoted_is_a_table(path: Path) -> None:
    table = run(path, "speakers").stdout.splitlines()
    assert table[1].split()[:3] == ["Ana", "Roy", "2"]
    by = run(path, "speakers", "--by", "act").stdout
    assert "assert" in by
    assert "67%" in by
    assert code(run(path, "speakers", "--outlet", "Nobody")) == 1


def test_a_speaker_is_told_of_by_time(path: Path) -> None:
    told = run(path, "speaker", "roy").stdout
    assert told.index("que le pont") < told.index("non")
    assert "assert 1" in told
    assert code(run(path, "speaker", "nobody")) == 1


def test_stats_verify_backup_restore(path: Path, tmp_path: Path) -> None:
    assert "articles    3" in run(path, "stats").stdout
    assert json.loads(run(path, "stats", "--format", "json").stdout)["statements"] == 3
    assert "all is well" in run(path, "verify").stdout
    assert code(run(path, "backup", str(tmp_path / "copy.db"))) == 0
    run(path, "erase", "--article", "a", "--reason", "test", "--yes")
    assert "articles    2" in run(path, "stats").stdout
    assert code(run(path, "restore", str(tmp_path / "copy.db"), "--yes")) == 0
    assert "articles    3" in run(path, "stats").stdout


def test_verify_ends_with_1_when_something_is_wrong(path: Path) -> None:
    with Store(path) as store:
        store.connection.execute("UPDATE text SET text = text || '.'")
    broken = run(path, "verify")
    assert code(broken) == 1
    assert "hash differs" in broken.stderr


def test_erasing_asks_first(path: Path) -> None:
    import click

    refused = run(path, "erase", "--speaker", "roy", "--reason", "test", input="n\n")
    assert isinstance(refused.exception, click.Abort)
    assert "articles    3" in run(path, "stats").stdout
    done = run(path, "erase", "--speaker", "roy", "--reason", "test", input="y\n")
    assert "2 statements in 2 articles removed" in done.stdout


def test_a_note_is_shown_with_its_statement(path: Path) -> None:
    assert code(run(path, "note", "a", "retraction", "--why", "invented")) == 0
    assert "retraction" in run(path, "search", "pont").stdout


def test_what_is_exported_can_be_imported(path: Path, tmp_path: Path) -> None:
    whole, again = tmp_path / "whole.jsonl", tmp_path / "again.db"
    run(path, "export", "-o", str(whole))
    taken = run(path, "import", str(whole), "--into", str(again))
    assert (code(taken), "3 records taken" in taken.stdout) == (0, True)
    run(again, "export", "-o", str(tmp_path / "again.jsonl"))
    assert (tmp_path / "again.jsonl").read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("form", ["parquet", "brat"])
def test_folders_go_out_and_come_back(path: Path, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    assert code(run(path, "export", "--format", form, "-o", str(tmp_path / form))) == 0
    taken = run(path, "import", str(tmp_path / form), "--into", str(tmp_path / "again.db"))
    assert (code(taken), "3 records taken" in taken.stdout) == (0, True)


def test_a_record_that_does_not_fit_its_text_is_left_out(path: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    run(path, "export", "-o", str(whole))
    lines = whole.read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[0])
    record["article"]["text"] += "!"
    whole.write_text("\n".join([json.dumps(record), "{", *lines[1:]]), encoding="utf-8")
    taken = run(path, "import", str(whole), "--into", str(tmp_path / "again.db"))
    assert (code(taken), "2 records taken, 2 left out" in taken.stdout) == (1, True)
    assert f"{whole}:1" in taken.stderr


def test_copies_and_persons_are_counted(path: Path) -> None:
    assert "0 statements had been reported before" in run(path, "copies").stdout
    joined = CliRunner().invoke(cli, ["people", "join", "--store", str(path)], standalone_mode=False)
    assert "2 names, 2 persons, 0 of them" in joined.stdout


def test_the_store_is_named_by_the_environment_else_it_is_the_one_here(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner()
    found = runner.invoke(cli, ["stats"], standalone_mode=False, env={"ONRECORD_STORE": str(path)})
    assert "articles    3" in found.stdout
    monkeypatch.chdir(tmp_path)
    missing = runner.invoke(cli, ["stats"], standalone_mode=False)
    assert "onrecord.db" in str(missing.exception)
