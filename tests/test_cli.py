"""The command line: exit codes, messages, files; a traceback is never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRENCH = "« Le pont rouvrira avant la fin de l'été », a assuré lundi la préfète, Claire Vautrin. Elle n'a rien ajouté."


def run(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`onrecord ARGUMENTS` in a process of its own."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    found = subprocess.run(
        [sys.executable, "-m", "onrecord.cli.main", *arguments],
        input=data, capture_output=True, check=False, env=os.environ | {"COLUMNS": "80"} | environment,
    )  # fmt: skip
    out, err = found.stdout.decode(), found.stderr.decode()
    assert "Traceback" not in err
    return subprocess.CompletedProcess(found.args, found.returncode, out, err)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "pont.txt"
    path.write_text(FRENCH, encoding="utf-8")
    return path


def test_reading_prints_who_said_what_and_ends_with_0(article: Path) -> None:
    found = run("read", str(article), "--reader", "rules")
    assert found.returncode == 0
    assert "Claire Vautrin" in found.stdout and "┃ « Le pont rouvrira avant la fin de l'été »" in found.stdout
    assert found.stderr == ""
    assert "\x1b" not in found.stdout


def test_standard_input_and_forms_for_programs() -> None:
    found = run("read", "-", "--language", "fr", "--format", "jsonl", "--reader", "rules", stdin=FRENCH)
    record = json.loads(found.stdout)
    assert record["article"]["id"] == "-"
    assert record["article"]["text"] == FRENCH
    start, end = record["statements"][0]["content"][0]
    assert FRENCH[start:end] == record["statements"][0]["text"]["content"]
    array = run("read", "-", "--language", "fr", "--format", "json", "--reader", "rules", stdin=FRENCH)
    assert json.loads(array.stdout) == [record]


def test_what_is_refused_is_named_and_counted_and_the_rest_read(tmp_path: Path, article: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "deutsch.txt").write_text("Der Minister hat gestern gesagt, dass das Gesetz kommen wird. " * 4)
    found = run("read", str(tmp_path), "--format", "gold", "--reader", "rules")
    assert found.returncode == 1
    assert [bool(json.loads(line)["statements"]) for line in found.stdout.splitlines()] == [False, False, True]
    assert "1 read, 2 refused (1 empty, 1 other_language)" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("read", "no-such-file.txt"), "no-such-file.txt"),
        (("read",), "INPUT"),
        (("read", "-", "--language", "qq"), "no pack for language"),
        (("read", "-", "--reader", "oracle", "--language", "fr"), "no such reader"),
        (("read", "-", "--format", "xml"), "xml"),
        (("shout",), "shout"),
    ],
)
def test_wrong_usage_is_said_in_a_line_or_two_and_ends_with_2(arguments: tuple[str, ...], message: str) -> None:
    found = run(*arguments, stdin=FRENCH)
    assert found.returncode == 2
    assert message in found.stderr


def test_an_output_file_appears_when_it_is_whole_and_not_otherwise(tmp_path: Path, article: Path) -> None:
    good, bad = tmp_path / "out" / "a.csv", tmp_path / "b.csv"
    good.parent.mkdir()
    assert run("read", str(article), "--format", "csv", "-o", str(good), "--reader", "rules").returncode == 0
    assert good.read_text(encoding="utf-8").startswith("article,title,")
    assert run("read", str(article), "--format", "csv", "-o", str(bad), "--reader", "oracle").returncode == 2
    assert not list(tmp_path.glob("*.csv")) and not list(tmp_path.glob(".b*"))


def test_colours_come_when_asked_for_and_never_by_themselves(article: Path) -> None:
    assert "\x1b[" in run("read", str(article), "--color", "always", "--reader", "rules").stdout
    assert "\x1b[" not in run("read", str(article), "--color", "never", "--reader", "rules", CLICOLOR_FORCE="1").stdout


def test_a_reader_that_goes_away_is_no_error(article: Path) -> None:
    command = f'"{sys.executable}" -m onrecord.cli.main read --reader rules {" ".join([str(article)] * 40)} | head -1'
    found = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert found.stderr == ""
    assert found.stdout.count("\n") == 1


def test_confidence_below_the_least_is_left_out(article: Path) -> None:
    found = run("read", str(article), "--min-confidence", "1", "--reader", "rules", "--format", "gold")
    assert json.loads(found.stdout)["statements"] == []


@pytest.mark.parametrize("command", ["read", "explain"])
def test_help_has_an_example(command: str) -> None:
    found = run(command, "--help")
    assert found.returncode == 0
    assert f"onrecord {command} article.txt" in found.stdout


def test_explain_says_why(article: Path) -> None:
    found = run("explain", str(article), "--reader", "rules")
    assert found.returncode == 0
    assert "because quotation_before_cue: assuré" in found.stdout


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout)["title"] == "onrecord record, version 1"
