"""Trouble from inside: every Python that has this folder on its path imports this first, workers of engines too.

TROUBLE names a folder. Processes write there what they look up and which weights they load. Names of inputs tell which
trouble they bring: `slow-…` is opened slowly; `killer-…` kills one process, when the first file of its output is in its
place and the others are not; `poison-…` kills every one. Look-ups of other machines are written down and refused, so
that nothing leaves this machine.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

TROUBLE = os.environ.get("TROUBLE", "")
HERE = {"", "localhost", "0.0.0.0", "::", "::1", socket.gethostname()}
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex"}
SLOW_S = 0.5
RENAMES = 2  # the first file of an output is put in its place by the first, the second by the second
armed: dict[str, int] = {}  # the input that kills this process, and how many renames are left until then


def note(name: str, line: str) -> None:
    """Appends a line, whole, whoever else writes."""
    with Path(TROUBLE, name).open("a", encoding="utf-8") as out:
        out.write(f"{os.getpid()}\t{line}\n")


def at_open(path: str, mode: Any) -> None:
    """Before a file is opened."""
    if path.endswith(("encoder.onnx", "weights.npz")):
        note("weights", path)
    if mode not in {"r", "rb"}:
        if Path(TROUBLE, "full").exists() and "/out/" in path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return
    name = Path(path).name
    if name.startswith("slow-"):
        time.sleep(SLOW_S)
    if name.startswith(("killer-", "poison-")):
        armed.clear()
        armed[path] = RENAMES


def at_rename() -> None:
    """Before a file of an output is put in its place."""
    if not armed:
        return
    path, left = armed.popitem()
    if left > 1:
        armed[path] = left - 1
        return
    if Path(path).name.startswith("killer-"):
        try:
            Path(TROUBLE, f"killed-{sha256(path.encode()).hexdigest()[:16]}").open("x").close()
        except FileExistsError:
            return
    note("kills", path)
    os.kill(os.getpid(), signal.SIGKILL)


def at_look_up(event: str, host: Any) -> None:
    """Before a name is looked up."""
    told = host.decode() if isinstance(host, bytes) else str(host or "")
    if told in HERE or told.startswith("127.") or told in OWN:
        return
    note("look-ups", f"{event}\t{told}")
    raise OSError(f"{told}: no other machine in tests")


def watch(event: str, given: tuple[Any, ...]) -> None:
    """The audit hook."""
    if event == "open" and isinstance(given[0], str):
        at_open(given[0], given[1])
    elif event == "os.rename":
        at_rename()
    elif event in LOOK_UPS:
        at_look_up(event, given[0])


if TROUBLE:
    OWN = set(os.environ.get("TROUBLE_OWN", "").split())
    sys.addaudithook(watch)
