"""How long the first answer of each page takes: python benchmarks/pages.py --store FILE

FILE is a store that `python benchmarks/store.py --keep FILE` has written. For each page a server is started anew and
asked three times: cold, when nothing of the file is in memory; changed, when the file has been touched, so that nothing
found before may be told again; and once more as it is. Printed: milliseconds until the whole answer was there, and
beside them those that the server was at work, which another job on the same cores does not lengthen.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from benchmarks.store import World
from benchmarks.web import PORT, waited
from onrecord.store import Store

TURNS = ("cold", "changed", "again")


def addresses(store: Path, seed: int) -> dict[str, str]:
    """Pages by what they are called; of words and speakers the most frequent ones, which take the longest."""
    world = World(seed)
    with Store(store, readonly=True) as opened:
        hit = next(opened.search(limit=1))
    one, other = (quote(name) for name in world.names[:2])
    word, rare, asked = (quote(world.words[rank]) for rank in (0, 30_000, 7))
    outlet = quote(world.outlets[0])
    return {
        "front": "/", "common word": f"/?q={word}", "rare word": f"/?q={rare}",
        "article": f"/articles/{quote(hit.article, safe='')}", "speaker": f"/speakers/{one}",
        "who is quoted": "/speakers", "side by side": f"/compare?left={one}&right={other}",
        "one question": f"/compare?q={asked}", "overview": "/overview",
        "overview, language": "/overview?language=fr", "overview, outlet": f"/overview?outlet={outlet}",
        "overview, month": "/overview?after=2020-05&before=2020-05", "review": "/review",
        "API: stats": "/api/v1/stats", "API: speakers": "/api/v1/speakers",
    }  # fmt: skip


def forget(store: Path) -> None:
    """Takes the file out of the memory of the system."""
    with store.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def at_work(process: int) -> float:
    """Milliseconds that a process has been at work."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def asked(server: subprocess.Popen[bytes], where: str) -> tuple[float, float]:
    """Milliseconds until an answer was there, and at work."""
    before, began = at_work(server.pid), time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("GET", where)
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{where}: {answer.status}")
    return took, at_work(server.pid) - before


def timed(store: Path, where: str) -> list[tuple[float, float]]:
    """The three times of one page."""
    command = [sys.executable, "-m", "onrecord", "serve", str(store), "--no-browser", "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        waited()
        found = []
        for turn in TURNS:
            if turn == "cold":
                forget(store)
            elif turn == "changed":
                store.touch()
            found.append(asked(server, where))
        return found
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Prints a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{'ms, at work':22} " + " ".join(f"{turn:>15}" for turn in TURNS))
    for name, where in addresses(options.store, options.seed).items():
        told = (f"{took:7.0f} ({work:5.0f})" for took, work in timed(options.store, where))
        print(f"{name:22} " + " ".join(f"{one:>15}" for one in told), flush=True)


if __name__ == "__main__":
    main()
