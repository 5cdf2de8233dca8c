"""No engine tells anybody that it is used: watched in child processes, where look-ups are written down and refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conformance.conftest import Trouble

pytestmark = pytest.mark.engines
TIME_TO_TELL_S = 3  # telemetry runs in a thread


def looked_up(code: str, environment: dict[str, str], trouble: Trouble) -> list[str]:
    """What a child process that runs this code looks up."""
    before = len(trouble.told("look-ups"))
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport time; time.sleep({TIME_TO_TELL_S})"],
        capture_output=True, text=True, check=False, env=environment, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [what for _, what in trouble.told("look-ups")[before:]]


@pytest.mark.parametrize("name", ["local", "daft", "ray", "dask"])
def test_importing_an_engine_looks_nobody_up(name: str, environment: dict[str, str], trouble: Trouble) -> None:
    code = f"from onrecord.archive.engines import engine; engine({name!r})"
    assert looked_up(code, environment, trouble) == []


@pytest.mark.parametrize("module", ["daft", "dask"])
def test_an_adapter_that_is_imported_by_itself_looks_nobody_up(
    module: str, environment: dict[str, str], trouble: Trouble
) -> None:
    assert looked_up(f"import onrecord.archive.engines.{module}", environment, trouble) == []


def test_the_watch_sees_an_engine_that_tells(environment: dict[str, str], trouble: Trouble) -> None:
    assert looked_up("import daft", environment, trouble) != []
