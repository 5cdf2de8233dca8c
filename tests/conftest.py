"""What every test may rely on: no network, the same random examples in CI, and the shared data where there is any."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
SHARED = (ROOT / os.environ.get("ONRECORD_SHARED", "../shared")).resolve()

# No deadline: a first example loads packs, and machines differ. In CI the examples are the same each time.
settings.register_profile("here", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips what needs the shared data where there is none, and says where it was looked for."""
    if (SHARED / "gold").is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(
                pytest.mark.skip(reason=f"no shared data in {SHARED}; ONRECORD_SHARED names another folder")
            )


@pytest.fixture
def shared() -> Path:
    """The folder of the shared data; for tests that are marked `shared`."""
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Lets a test that opens a connection to another machine fail: all of this works offline."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        here = self.family not in {socket.AF_INET, socket.AF_INET6} or address[0] in {"::1", "localhost"}
        if not here and not address[0].startswith("127."):
            raise AssertionError(f"a test opened a connection to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield
