"""What the API answers under load: python benchmarks/web.py --store FILE [--seconds 20] [--clients 4] [--pages]

FILE is a store that `python benchmarks/store.py --keep FILE` has written. A server is started on it, and clients on the
same machine ask the fifty questions of that benchmark, one after the other, as fast as they are answered. Printed:
answers a second, the median and the slowest hundredth, and how many were no answers. With `--pages`, of the search page
with its facets instead of the API.
"""

from __future__ import annotations

import argparse
import http.client
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from benchmarks.store import World, quantile, questions

PORT = 8797


def addresses(seed: int, where: str = "/api/v1/statements") -> list[str]:
    """The questions as addresses of the API, or of the page at `where`."""
    found = []
    for _, query, asked, how in questions(World(seed)):
        told = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not None} | how
        found.append(f"{where}?" + urlencode(told | ({"q": query} if query else {})))
    return found


def ask(paths: list[str], until: float, times: list[float], wrong: list[int]) -> None:
    """One client: asks until its time is up."""
    order = random.Random(threading.get_ident())
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", order.choice(paths))
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            wrong.append(answer.status)
    connection.close()


def waited() -> None:
    """Returns when the server answers."""
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=1)
            connection.request("GET", "/api/v1/openapi.json")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    paths = addresses(options.seed, *(["/"] if options.pages else []))
    command = [sys.executable, "-m", "onrecord", "serve", str(options.store), "--no-browser", "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    times: list[float] = []
    wrong: list[int] = []
    try:
        waited()
        until = time.monotonic() + options.seconds
        clients = [threading.Thread(target=ask, args=(paths, until, times, wrong)) for _ in range(options.clients)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    finally:
        server.terminate()
        server.wait()
    print(
        f"{len(times) / options.seconds:.0f} answers a second with {options.clients} clients; median"
        f" {quantile(times, 0.5):.0f} ms, 99 % {quantile(times, 0.99):.0f} ms; {len(wrong)} wrong"
    )


if __name__ == "__main__":
    main()
