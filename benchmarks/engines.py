"""What each engine costs beside the local pool, start-up apart: python benchmarks/engines.py [--articles 20000]

It needs the engines: take the Python of .venv-archive, which `./run conformance` makes. Each reads the same shards in
a process of its own, one after the other. Start-up is the time until as many shards are finished as there are workers;
the rate is that of all others. Overhead is the local rate over an engine's, less one, both the medians of the rounds.
RAY_ADDRESS and DASK_SCHEDULER_ADDRESS lead to clusters; without them each engine starts its own here.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench import load_texts
from onrecord.archive.engines import ADAPTERS, engine
from onrecord.archive.report import ArchiveSettings
from onrecord.settings import Settings

Told = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when measured, 1 when two engines did not find the same."""
    options = _parser().parse_args(arguments)
    if options.folder:
        print(json.dumps(work(options.engines[0], options.folder, options.workers, options.reader)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        shards = write(Path(folder), options.articles, options.shard)
        print(f"{options.articles} articles in {shards} shards, {options.workers} workers, reader {options.reader}")
        turns = [(name, ask(name, Path(folder), options)) for _ in range(options.rounds) for name in options.engines]
    report(turns, options.engines)
    return len({(told["articles"], told["statements"]) for _, told in turns}) != 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400, metavar="N", help="how many (default 400)")
    parser.add_argument("--shard", type=int, default=25, metavar="N", help="articles a shard (default 25)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="at once (default 2)")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="turns of each engine (default 1)")
    parser.add_argument("--reader", default="tagger", help="rules is quicker, and shows more of the overhead")
    parser.add_argument("--engines", nargs="+", choices=sorted(ADAPTERS), default=list(ADAPTERS))
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser


def write(folder: Path, articles: int, shard: int) -> int:
    """Writes French articles below a folder; how many shards they are."""
    texts = load_texts(articles)
    texts = (texts * -(-articles // len(texts)))[:articles]
    (folder / "news").mkdir()
    starts = range(0, articles, shard)
    for number, start in enumerate(starts):
        rows = [{"id": f"{start + n}", "text": text} for n, text in enumerate(texts[start : start + shard])]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / "news" / f"{number:06}.jsonl").write_text(lines, encoding="utf-8")
    return len(starts)


def ask(name: str, folder: Path, options: argparse.Namespace) -> Told:
    """One turn of an engine, in a process of its own."""
    command = [sys.executable, __file__, "--engines", name, "--folder", str(folder), "--reader", options.reader]
    done = subprocess.run([*command, f"--workers={options.workers}"], stdout=subprocess.PIPE, text=True, check=True)
    told: Told = json.loads(done.stdout.strip().rpartition("\n")[2])
    print(f"  {name}: start-up {told['start_up']:.1f} s, then {told['rate']:.1f} articles a second", flush=True)
    return told


def work(name: str, folder: Path, workers: int, reader: str) -> Told:
    """Reads all shards; the times of it."""
    uris = [str(path) for path in sorted((folder / "news").iterdir())]
    settings = ArchiveSettings(reading=Settings(reader=reader), language="fr")
    began = time.perf_counter()
    done = []
    with tempfile.TemporaryDirectory(dir=folder) as out:
        for found in engine(name).run(uris, out, settings, workers):
            if found.error is not None:
                raise SystemExit(f"engines: {name}: {found.uri}: {found.error}")
            done.append((time.perf_counter() - began, found.articles, found.statements))
    assert len(done) == len(uris) > workers
    start_up = done[workers - 1][0]
    rest = sum(articles for _, articles, _ in done[workers:])
    return {
        "start_up": start_up,
        "rate": rest / (done[-1][0] - start_up),
        "articles": sum(articles for _, articles, _ in done),
        "statements": sum(statements for _, _, statements in done),
    }


def report(turns: list[tuple[str, Told]], engines: Sequence[str]) -> None:
    """A line for each engine."""
    rates = {name: median(told["rate"] for told_of, told in turns if told_of == name) for name in engines}
    for name, rate in rates.items():
        beside = f", overhead {rates['local'] / rate - 1:+.1%}" if "local" in rates and name != "local" else ""
        print(f"{name}: {rate:.1f} articles a second{beside}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
