"""Kills a collection again and again: python benchmarks/kill.py [--kills 200]

Collects articles (those of examples/, so often and with so many changes that it takes a while) in a process of its own,
kills it with SIGKILL at a random moment, starts it anew, and so on until the number of kills is reached; then lets it
end. The store must then hold what an undisturbed collection leaves, row by row, and `verify` must find nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from onrecord.store import Store

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TABLES = (
    "article", "text", "reading", "outlet", "speaker", "spelling", "appearance", "statement", "made_by", "notice",
    "statement_search_docsize", "text_search_docsize",
)  # fmt: skip
TIMES = ("first_seen", "read_at")  # columns that tell when, and not what


def inputs(path: Path, number: int) -> Path:
    """A file with so many articles, no two alike, some of them refused."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.txt"))]
    with path.open("w", encoding="utf-8") as out:
        for n in range(number):
            text = f"{texts[n % len(texts)]}\n\nÉdition numéro {n}.\n"
            day = f"2026-{1 + n % 12:02}-{1 + n % 28:02}"
            told = {"id": f"a{n}", "text": text, "published": day, "outlet": f"Le Courrier {n % 5}"}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
            if n % 50 == 7:
                out.write(json.dumps({"id": f"bad{n}"}) + "\n")
    return path


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a store holds but the times at which it was written."""
    with sqlite3.connect(path) as connection:
        found = {}
        for table in TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})") if row[1] not in TIMES]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2").fetchall()
            found[table] = rows
        found["refusal"] = connection.execute("SELECT id, reason, message FROM refusal ORDER BY id").fetchall()
    connection.close()
    return found


def collecting(path: Path, into: Path, reader: str, cores: int = 1) -> subprocess.Popen[bytes]:
    """A collection in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "onrecord",
        "collect",
        str(path),
        "--into",
        str(into),
        "--reader",
        reader,
        "--quiet",
    ]
    return subprocess.Popen([*command, "--cores", str(cores)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed(  # noqa: PLR0913 - what to collect, and how to be cruel
    path: Path, into: Path, *, kills: int, seed: int, reader: str, most_s: float = 2.0
) -> int:
    """Collects with interruptions, then to the end; how many kills met a running process."""
    order = random.Random(seed)
    met = 0
    while met < kills:
        process = collecting(path, into, reader)
        time.sleep(order.uniform(0.05, most_s))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            met += 1
        process.wait()
    process = collecting(path, into, reader)
    process.wait(600)
    return met


def main() -> int:
    """Exit code: 0 when the contents are the same and proved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=12_000)
    parser.add_argument("--reader", default="tagger")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = inputs(Path(folder) / "articles.jsonl", options.articles)
        collecting(path, Path(folder) / "whole.db", options.reader).wait()
        began = time.monotonic()
        met = killed(path, Path(folder) / "killed.db", kills=options.kills, seed=options.seed, reader=options.reader)
        same = contents(Path(folder) / "killed.db") == contents(Path(folder) / "whole.db")
        with Store(Path(folder) / "killed.db") as store:
            problems, stats = store.verify().problems, store.stats()
    print(
        f"{met} kills in {time.monotonic() - began:.0f} s over {stats.articles} articles, {stats.statements}"
        f" statements: contents {'the same' if same else 'DIFFER'}, {len(problems)} problems found by verify"
    )
    return 0 if same and not problems else 1


if __name__ == "__main__":
    sys.exit(main())
