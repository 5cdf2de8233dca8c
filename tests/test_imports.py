"""Importing does no work: nothing heavy is loaded and no file is read before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "charset_normalizer", "lxml", "numpy", "onnxruntime", "py3langid", "sqlite3", "torch", "trafilatura",
}  # fmt: skip

# Runs in a fresh interpreter and prints what was imported and which files were opened meanwhile. Code does not count
# as a file here, and neither does what Python itself looks at to find it.
WATCH = """
import json, sys
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(arguments[0] if isinstance(arguments[0], str) else arguments[0].decode())
sys.addaudithook(watch)
{code}
files = [name for name in opened if not name.endswith((".py", ".pyc", ".so", ".pyd", ".dll"))]
roots = sorted({{name.partition(".")[0] for name in sys.modules}})
sys.stdout.write("\\n" + json.dumps({{"modules": roots, "files": files}}))
"""

HELP = """
from onrecord.cli.main import main
sys.argv = ["onrecord", {arguments}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
opened.clear()
"""


def watched(code: str) -> tuple[set[str], list[str]]:
    """The top-level modules that code loads in a fresh interpreter, and the files it opens that hold no code."""
    run = subprocess.run(
        [sys.executable, "-c", WATCH.format(code=code)],
        capture_output=True, text=True, check=False, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout.rpartition("\n")[2])
    return set(seen["modules"]), seen["files"]


def test_importing_the_library_loads_nothing_heavy_and_reads_no_file() -> None:
    modules, files = watched("import onrecord")
    assert modules & (HEAVY | {"click", "rich", "rich_click"}) == set()
    assert files == []


@pytest.mark.parametrize("arguments", ['"--help"', '"read", "--help"', '"explain", "--help"'])
def test_the_help_of_the_command_line_loads_nothing_heavy(arguments: str) -> None:
    modules, _ = watched(HELP.format(arguments=arguments))
    assert modules & HEAVY == set()


def test_importing_the_stations_loads_nothing_heavy() -> None:
    modules, files = watched("import onrecord.intake, onrecord.reading.tagger, onrecord.language.identify")
    assert modules & HEAVY == set()
    assert files == []


def test_the_watch_itself_sees_a_heavy_import_and_an_open_file() -> None:
    modules, files = watched("import sqlite3; open(sys.executable, 'rb').close()")
    assert "sqlite3" in modules
    assert files == [sys.executable]


def test_every_public_name_can_be_imported() -> None:
    import onrecord

    assert [name for name in onrecord.__all__ if not hasattr(onrecord, name)] == []
