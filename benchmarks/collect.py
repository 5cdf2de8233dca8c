"""What collecting costs beside reading: python benchmarks/collect.py [--articles 1000] [--memory 100000]

Three figures. Collecting into a store against reading alone, on one core, in turns. Two cores against one, in turns.
And the peak memory of a process that collects many short articles, after a tenth of them and at their end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from onrecord import Article, Desk, Settings
from onrecord.collect import collect
from onrecord.intake import open_inputs
from onrecord.store import Store

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHORT = (
    "La maire de Brévent, Ana Roy, a déclaré lundi que le pont numéro {} rouvrirait avant l'été. « Les travaux"
    " avancent », a-t-elle ajouté. Le préfet, Luc Bart, a promis une enquête.\n"
)


def inputs(path: Path, number: int) -> Path:
    """A file with so many articles, no two alike."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.txt"))]
    with path.open("w", encoding="utf-8") as out:
        for n in range(number):
            text = f"{texts[n % len(texts)]}\n\nÉdition {n}.\n"
            told = {"id": f"a{n}", "text": text, "published": f"2026-{1 + n % 12:02}-01"}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
    return path


def seconds(what: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def read(path: Path, desk: Desk) -> None:
    """Reads every article of a file and keeps nothing."""
    for _ in desk.read_many(one for one in open_inputs([str(path)], desk.settings) if isinstance(one, Article)):
        pass


def into_store(path: Path, desk: Desk, folder: Path, cores: int = 1) -> None:
    """Collects a file into a store that is new each time."""
    place = folder / f"{time.monotonic_ns()}.db"
    with Store(place, create=True) as store:
        collect(open_inputs([str(path)], desk.settings), store, desk, cores=cores)
    for file in folder.glob(f"{place.name}*"):
        file.unlink()


def peak_memory(number: int) -> Iterator[tuple[int, float]]:
    """Megabytes at most of a process that collects short articles, after a tenth and at the end."""
    with tempfile.TemporaryDirectory() as folder:
        for many in (number // 10, number):
            path = Path(folder) / "short.jsonl"
            with path.open("w", encoding="utf-8") as out:
                for n in range(many):
                    out.write(json.dumps({"id": f"a{n}", "text": SHORT.format(n)}, ensure_ascii=False) + "\n")
            run = subprocess.run(
                [sys.executable, __file__, "--worker", str(path), str(Path(folder) / f"{many}.db")],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            yield many, float(run.stdout)


def worker(path: str, into: str) -> None:
    """Collects and prints the peak memory of this process in megabytes."""
    import resource

    settings = Settings()
    with Store(into, create=True) as store:
        collect(open_inputs([path], settings), store, Desk(settings))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1e6 if sys.platform == "darwin" else 1e3))


def main() -> None:
    """Prints the three figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--memory", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(*options.worker)
    desk = Desk(Settings())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = inputs(folder / "articles.jsonl", options.articles)
        read(path, desk)
        turns = [
            (seconds(lambda: read(path, desk)), seconds(lambda: into_store(path, desk, folder)),
             seconds(lambda: into_store(path, desk, folder, 2)))
            for _ in range(options.rounds)
        ]  # fmt: skip
    alone, one, two = (median(column) for column in zip(*turns, strict=True))
    print(
        f"{options.articles} articles, medians of {options.rounds}: read {alone:.1f} s, collected {one:.1f} s", end=""
    )
    print(
        f" ({alone / one:.2f} of the rate), on two cores {two:.1f} s ({median(b / c for _, b, c in turns):.2f} times)"
    )
    if options.memory:
        for many, megabytes in peak_memory(options.memory):
            print(f"{many} short articles: {megabytes:.0f} MB at most")
    return None


if __name__ == "__main__":
    main()
