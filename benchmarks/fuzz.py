"""Damages inputs of every kind and reads them: python benchmarks/fuzz.py [--minutes 10] [--seed 0] [--keep FOLDER]

Each input is valid at first (benchmarks/inputs.py), then bytes of it are changed, cut, doubled, or exchanged with
another's, in compressed ones also what is inside. It must be read or refused, never raise. Reading goes on in a process
of its own, for what a library in C may do to it; one that is silent for a minute is ended and counts as stuck. Printed:
inputs, articles and refusals by kind, the slowest input of each, the most memory, and what raised, died or stuck, which
is kept in the folder.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import lzma
import random
import resource
import selectors
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 400  # inputs that one process reads
SILENCE_S = 60.0
PACKINGS: dict[str, Any] = {".gz": gzip, ".bz2": bz2, ".xz": lzma}


def mutated(raw: bytes, order: random.Random, other: bytes) -> bytes:
    """The bytes with one to eight damages."""
    data = bytearray(raw)
    for _ in range(order.randint(1, 8)):
        at = order.randrange(len(data) + 1)
        size = int(2 ** order.uniform(0, 9))
        kind = order.randrange(6)
        if kind == 0:
            data[at : at + 1] = bytes([order.randrange(256)])
        elif kind == 1:
            del data[at : at + size]
        elif kind == 2:
            data[at:at] = order.randbytes(min(size, 40))
        elif kind == 3:
            data[at:at] = data[at : at + size] * order.randint(1, 30)
        elif kind == 4:
            start = order.randrange(len(other))
            data[at : at + size] = other[start : start + size]
        else:
            data[at:at] = order.choice((b"\x00", b"\xff\xfe", b"<", b'"', b"\r\n\r\n", b"99999999999", b"-1", b"&#0;"))
    return bytes(data)


def damaged(name: str, raw: bytes, order: random.Random, other: bytes) -> bytes:
    """The input with damages, inside or outside of what it is compressed by."""
    packing = PACKINGS.get(Path(name).suffix)
    if packing is None or name.startswith("bad") or order.random() < 0.5:
        return mutated(raw, order, other)
    again: bytes = packing.compress(mutated(packing.decompress(raw), order, other))
    return again


# --- the process that reads -------------------------------------------------------------------------------------------


def read_many(folder: Path, seed: int) -> None:
    """Reads many damaged inputs, each kept in the folder while it is read, and tells of each on standard output."""
    from benchmarks.inputs import SEEDS
    from onrecord.intake import open_inputs
    from onrecord.settings import Settings

    order = random.Random(seed)
    seeds = {name: make() for name, make in SEEDS.items()}
    for _ in range(ROUNDS):
        name = order.choice(sorted(seeds))
        raw = damaged(name, seeds[name], order, seeds[order.choice(sorted(seeds))])
        path = folder / name
        path.write_bytes(raw)
        print(json.dumps({"begins": name}), flush=True)
        began = time.perf_counter()
        told: dict[str, Any] = {"name": name}
        try:
            told["found"] = Counter(type(one).__name__ for one in open_inputs([str(path)], Settings()))
        except Exception:  # noqa: BLE001 - this is what is looked for
            told["raised"] = traceback.format_exc(limit=-4)
        told["seconds"] = time.perf_counter() - began
        told["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
        print(json.dumps(told), flush=True)


# --- the process that counts ------------------------------------------------------------------------------------------


def lines_of(process: subprocess.Popen[bytes], until: float) -> Iterator[dict[str, Any] | None]:
    """What the reading process tells; None where it has been silent too long."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < until:
            if not selector.select(SILENCE_S):
                yield None
                return
            line = process.stdout.readline()
            if not line:
                return
            yield json.loads(line)


class Counts:
    """What came of the inputs, by kind."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.inputs: Counter[str] = Counter()
        self.found: dict[str, Counter[str]] = {}
        self.slowest: dict[str, float] = {}
        self.mb = 0
        self.faults: list[str] = []

    def take(self, told: dict[str, Any], folder: Path) -> None:
        """Counts one input."""
        name = told["name"]
        self.inputs[name] += 1
        self.found.setdefault(name, Counter()).update(told.get("found", {}))
        self.mb = max(self.mb, told["mb"])
        if told["seconds"] > self.slowest.get(name, 0.0):
            self.slowest[name] = told["seconds"]
            if told["seconds"] > 1:
                self.store(name, folder, f"slow-{told['seconds']:.0f}s")
        if "raised" in told:
            self.fault(name, folder, told["raised"])

    def fault(self, name: str, folder: Path, what: str) -> None:
        """Keeps an input that raised, died or stuck."""
        self.faults.append(f"{name}, kept as {self.store(name, folder, f'fault-{len(self.faults)}')}: {what}")

    def store(self, name: str, folder: Path, why: str) -> Path:
        """Where the input that was read last is kept."""
        path = self.keep / f"{why}-{name}"
        path.write_bytes((folder / name).read_bytes())
        return path

    def report(self) -> None:
        """Prints all of it."""
        for name, number in sorted(self.inputs.items()):
            found = self.found[name]
            counts = f"{found['Article']:8} articles {found['Refusal']:8} refusals"
            print(f"{name:14} {number:7} inputs {counts}  slowest {self.slowest[name]:.2f} s")
        print(f"{sum(self.inputs.values())} inputs, {self.mb} MB at most, {len(self.faults)} faults")
        for fault in self.faults:
            print(fault)


def one_process(seed: int, counts: Counts, until: float) -> None:
    """Starts a process that reads, and counts what it tells until it ends."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--reads-in", folder, "--seed", str(seed)]
        current = ""
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            stuck = False
            for told in lines_of(process, until):
                if told is None:
                    stuck = True
                elif "begins" in told:
                    current = told["begins"]
                else:
                    counts.take(told, Path(folder))
                    current = ""
            if stuck or time.monotonic() >= until:
                process.kill()
        if stuck:
            counts.fault(current, Path(folder), f"nothing for {SILENCE_S:.0f} s")
        elif process.returncode != 0 and time.monotonic() < until:
            if not current:
                raise RuntimeError(f"the process that reads ended between two inputs ({process.returncode})")
            counts.fault(current, Path(folder), f"it died ({process.returncode})")


def main() -> int:
    """Reads until the time is up; 1 when something raised, died or stuck."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where inputs that raised, died, stuck or were slow are kept")
    parser.add_argument("--reads-in", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reads_in is not None:
        read_many(options.reads_in, options.seed)
        return 0
    keep = options.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    counts = Counts(keep)
    until = time.monotonic() + 60 * options.minutes
    seed = options.seed
    while time.monotonic() < until:
        one_process(seed, counts, until)
        seed += 1
    counts.report()
    return 1 if counts.faults else 0


if __name__ == "__main__":
    sys.exit(main())
