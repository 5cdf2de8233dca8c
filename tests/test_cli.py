"""The command line: exit codes, messages, files; a traceback is never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli.main import COMMANDS, cli
from onrecord.cli.output import Output
from onrecord.errors import SettingsError

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


def test_a_file_that_is_there_stays_as_it_was_when_the_run_fails(tmp_path: Path) -> None:
    kept = tmp_path / "a.csv"
    kept.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), Output(str(kept)) as out:
        out.write("half")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert kept.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("name", ["", "no-such-folder/a.csv"])
def test_where_nothing_can_be_written_the_error_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"name a file in it|choose another file"), Output(str(tmp_path / name)):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full on this machine")
def test_a_full_disk_is_an_error_of_one_line(article: Path) -> None:
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "onrecord.cli.main", "read", str(article), "--reader", "rules"],
            stdout=full, stderr=subprocess.PIPE, check=False, text=True,
        )  # fmt: skip
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1 and "cannot write" in found.stderr
    assert run("read", str(article), "--reader", "rules", "-o", os.devnull).returncode == 0
    assert not Path(os.devnull).is_file()


def test_colours_come_when_asked_for_and_never_by_themselves(article: Path) -> None:
    assert "\x1b[" in run("read", str(article), "--color", "always", "--reader", "rules").stdout
    assert "\x1b[" not in run("read", str(article), "--color", "never", "--reader", "rules", CLICOLOR_FORCE="1").stdout


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What `onrecord ARGUMENTS` writes when its output is a terminal."""
    import pty

    screen, terminal = pty.openpty()
    environ = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "onrecord.cli.main", *arguments],
        stdout=terminal, stderr=terminal, check=False, env=environ | {"TERM": "xterm"} | environment,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while piece := _read(screen):
        shown += piece
    os.close(screen)
    return shown.decode()


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 1 << 16)
    except OSError:  # Linux says so that the other end of a terminal is closed
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
def test_a_terminal_gets_colours_unless_it_or_its_user_wants_none(article: Path) -> None:
    arguments = ("read", str(article), "--reader", "rules")
    assert "\x1b[" in on_a_terminal(*arguments)
    assert "\x1b[" not in on_a_terminal(*arguments, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(*arguments, TERM="dumb")


def test_a_reader_that_goes_away_is_no_error(article: Path) -> None:
    command = f'"{sys.executable}" -m onrecord.cli.main read --reader rules {" ".join([str(article)] * 40)} | head -1'
    found = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert found.stderr == ""
    assert found.stdout.count("\n") == 1


def test_confidence_below_the_least_is_left_out(article: Path) -> None:
    found = run("read", str(article), "--min-confidence", "1", "--reader", "rules", "--format", "gold")
    assert json.loads(found.stdout)["statements"] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_an_example_and_explains_each_option(command: str) -> None:
    found = CliRunner().invoke(cli, [*command.split(), "--help"], env={"COLUMNS": "80"})
    assert found.exit_code == 0
    assert f"onrecord {command}" in found.output.partition("Example")[2]
    chosen = cli.get_command(None, command) if command else cli  # type: ignore[arg-type]
    assert chosen is not None
    for parameter in chosen.params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{parameter.name} has no help"
            assert parameter.opts[-1] in found.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["read", "pont.txt"], 0),
        (["read", "pont.txt", "empty.txt"], 1),
        (["explain", "pont.txt"], 0),
        (["explain", "empty.txt"], 1),
        (["read", "folder"], 0),
        (["schema"], 0),
    ],
)
def test_a_command_gives_its_exit_code(
    tmp_path: Path, article: Path, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").touch()
    (tmp_path / "folder").mkdir()
    options = [] if arguments == ["schema"] else ["--reader", "rules"]
    found = CliRunner().invoke(cli, arguments + options, standalone_mode=False)
    assert found.exception is None
    assert found.return_value == code
    assert ("refused" in found.stderr) is (code == 1)
    assert ("nothing to read" in found.stderr) is (arguments == ["read", "folder"])


@pytest.mark.parametrize("form", ["text", "html", "csv", "json", "jsonl", "gold"])
def test_every_form_of_a_folder_without_articles_is_a_valid_one(tmp_path: Path, form: str) -> None:
    found = CliRunner().invoke(cli, ["read", str(tmp_path), "--format", form], standalone_mode=False)
    assert found.return_value == 0
    expected = {
        "text": "",
        "csv": "article,title",
        "html": "<!doctype html>",
        "json": "[\n]\n",
        "jsonl": "",
        "gold": "",
    }
    assert found.stdout.startswith(expected[form])
    assert bool(found.stdout) is bool(expected[form])


def test_attitudes_are_left_out_when_speech_alone_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Le maire craint que le pont ferme. « Il tiendra », a dit Paul Roy.", encoding="utf-8")
    arguments = ["read", str(path), "--reader", "rules", "--language", "fr", "--format", "jsonl"]
    kinds = [
        {s["kind"] for s in json.loads(run(*arguments, *more).stdout)["statements"]}
        for more in ((), ("--kind", "all"), ("--kind", "speech"))
    ]
    assert kinds == [{"speech", "attitude"}, {"speech", "attitude"}, {"speech"}]


def test_explain_says_why(article: Path) -> None:
    found = run("explain", str(article), "--reader", "rules")
    assert found.returncode == 0
    assert "because quotation_before_cue: assuré" in found.stdout


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout)["title"] == "onrecord record, version 1"
