"""What a list of people costs: python benchmarks/people.py [--people N]

Makes a list of N invented people, then reads the articles of examples/ with it and without, in turns, and prints the
seconds of the import and the ratio of the two readings (median of seven).
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from onrecord import Desk, Settings
from onrecord.people import build
from onrecord.types import Article, digest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ROUNDS, TIMES = 7, 20
SYLLABLES = ("ba", "lou", "ka", "chen", "ko", "ro", "mar", "tin", "di", "vas", "ler", "no", "sy", "ev", "gra", "po")


def invented(number: int, order: random.Random) -> str:
    """A row of the list."""
    given, surname = ("".join(order.choices(SYLLABLES, k=k)).title() for k in (2, 3))
    return f"{given} {surname},{given[0]}. {surname},député,2012-01-01,,France,Q{number},\n"


def articles() -> list[Article]:
    """Those of examples/, so often that reading takes a while."""
    texts = [(path.name[:2], path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("*.txt"))]
    return [
        Article(id=f"{n}-{turn}", text=text, language=language, sha256=digest(text))
        for turn in range(TIMES)
        for n, (language, text) in enumerate(texts)
    ]


def seconds(desk: Desk, found: Sequence[Article]) -> float:
    """Processor time of one reading."""
    began = time.process_time()
    for _ in desk.read_many(found):
        pass
    return time.process_time() - began


def main() -> None:
    """Prints the two figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, metavar="N")
    options = parser.parse_args()
    order = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        source, into = Path(folder) / "people.csv", Path(folder) / "people.db"
        rows = "".join(invented(number, order) for number in range(options.people))
        source.write_text("name,aliases,office,from,to,country,wikidata,gender\n" + rows, encoding="utf-8")
        began = time.monotonic()
        made = build([source], into)
        print(f"{made.people} people imported in {time.monotonic() - began:.1f} s, {into.stat().st_size / 1e6:.0f} MB")
        began = time.monotonic()
        known = Desk(Settings(people=str(into)))
        _ = known.people
        print(f"opened in {time.monotonic() - began:.2f} s")
        without, found = Desk(), articles()
        for desk in (known, without):
            seconds(desk, found)
        ratios = [seconds(known, found) / seconds(without, found) for _ in range(ROUNDS)]
        print(f"reading with the list takes {statistics.median(ratios):.2f} times as long as without")


if __name__ == "__main__":
    main()
