"""What a large store costs: python benchmarks/store.py [--statements 1000000] [--keep FILE]

Writes a store of invented articles (words of a vocabulary with the frequencies that words have, speakers and outlets
likewise, ten statements in 2,300 characters, as news has them), then asks it fifty questions and verifies it. Printed:
seconds to write, bytes of the file over bytes of text, the median and the slowest hundredth of the questions, each
asked many times in turns, and the seconds of `verify`.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from onrecord.store import Filters, Store
from onrecord.types import (
    Article,
    MadeBy,
    Reason,
    Record,
    Span,
    Speaker,
    Statement,
    Unknown,
    digest,
    quoted,
    statement_id,
)  # fmt: skip

MADE_BY = MadeBy(onrecord="0", reader="invented", pack="none", weights=None, settings="none")
VOCABULARY, SPEAKERS, OUTLETS, DAYS = 60_000, 40_000, 200, 3_650
WORDS_IN_ARTICLE, STATEMENTS_IN_ARTICLE, WORDS_IN_STATEMENT = 360, 10, 17
ACTS = ("assert",) * 12 + ("deny", "announce", "announce", "warn", "demand", "promise", "accuse", "confirm")
TYPES = ("indirect", "indirect", "indirect", "direct", "mixed")
SYLLABLES = (
    "ba",
    "lou",
    "ka",
    "chen",
    "ko",
    "ro",
    "mar",
    "tin",
    "di",
    "vas",
    "ler",
    "no",
    "sy",
    "ev",
    "gra",
    "po",
    "é",
)
BATCH, TURNS, WARM = 64, 20, 1  # articles a transaction; how often each question is asked, and how often before that


class World:
    """Words, speakers and outlets with their frequencies: the nth is met a nth as often as the first (Zipf)."""

    def __init__(self, seed: int) -> None:
        self.order = random.Random(seed)
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            found.setdefault(self._word(len(found)))
        self.words = list(found)
        rare = self.words[5_000:]
        self.names = [" ".join(word.title() for word in self.order.sample(rare, 2)) for _ in range(SPEAKERS)]
        self.outlets = [f"Le {word.title()}" for word in self.order.sample(rare, OUTLETS)]
        self._weights = {size: list(itertools.accumulate(1 / (n + 2) for n in range(size))) for size in self._sizes()}

    def _sizes(self) -> tuple[int, ...]:
        return len(self.words), len(self.names), len(self.outlets)

    def _word(self, rank: int) -> str:
        """Frequent words are short."""
        syllables = 1 if rank < 40 else 2 if rank < 500 else self.order.choice((3, 3, 4, 5))
        return "".join(self.order.choices(SYLLABLES, k=syllables)) + self.order.choice(("", "s", "nt"))

    def some(self, things: list[str], k: int) -> list[str]:
        """k of them by their frequency."""
        return self.order.choices(things, cum_weights=self._weights[len(things)], k=k)

    def article(self, number: int) -> Record:
        """One article with its statements."""
        words = self.some(self.words, WORDS_IN_ARTICLE)
        ends = list(itertools.accumulate(len(word) + 1 for word in words))
        text = " ".join(words)
        day = self.order.randrange(DAYS)
        article = Article(
            id=f"https://example.org/{number}", text=text, language=("fr", "en")[number % 2], sha256=digest(text),
            title=" ".join(words[:8]), url=f"https://example.org/{number}", outlet=self.some(self.outlets, 1)[0],
            published=f"{2016 + day // 365}-{1 + day % 365 // 31:02}-{1 + day % 28:02}T{number % 24:02}:00:00+02:00",
        )  # fmt: skip
        cast = [
            Speaker(name=name, type="person", mentions=(Span(0, 4), Span(9, 20))) for name in self.some(self.names, 4)
        ]
        step = WORDS_IN_ARTICLE // STATEMENTS_IN_ARTICLE
        statements = []
        for first in range(0, WORDS_IN_ARTICLE, step):
            last = first + self.order.randrange(WORDS_IN_STATEMENT // 2, WORDS_IN_STATEMENT * 3 // 2)
            content = Span(ends[first] - len(words[first]) - 1, ends[last] - 1)
            statements.append(self._statement(article, content, cast))
        return Record(article=article, statements=tuple(statements), speakers=quoted(statements), made_by=MADE_BY)

    def _statement(self, article: Article, content: Span, cast: list[Speaker]) -> Statement:
        cue, source = Span(content.end + 1, content.end + 6), Span(content.end + 7, content.end + 12)
        reasons = (
            Reason("tagger_cue", article.text[cue.start : cue.end], cue),
            Reason("name", article.text[source.start : source.end], source),
        )
        speaker: Any = self.order.choice(cast) if self.order.random() < 0.9 else Unknown("no_antecedent")
        one = Statement(
            id="", content=(content,), cue=(cue,), source=(source,), speaker=speaker,
            type=self.order.choice(TYPES), kind="speech", act=self.order.choice(ACTS), negated=False, parent=None,  # type: ignore[arg-type]
            addressee=(), occasion=(), when=(), confidence=0.87, reasons=reasons,
        )  # fmt: skip
        return msgspec.structs.replace(one, id=statement_id(article.sha256, one))


def records(world: World, statements: int) -> Iterator[Record]:
    """Articles with so many statements in all."""
    return (world.article(number) for number in range(statements // STATEMENTS_IN_ARTICLE))


def questions(world: World) -> list[tuple[str, str | None, Filters, dict[str, Any]]]:
    """Fifty: ten each of rare words, common words, phrases, prefixes, and words with filters."""
    words, names = world.words, world.names
    mix: list[tuple[str, str | None, Filters, dict[str, Any]]] = []
    for n in range(10):
        mix.append(("rare", words[20_000 + 3_001 * n], Filters(), {}))
        mix.append(("common", words[5 * n], Filters(), {"order": "relevance"} if n == 9 else {}))
        mix.append(("phrase", f'"{words[3 * n]} {words[2 * n + 1]}"', Filters(), {}))
        mix.append(("prefix", f"{words[40 * n + 11][:3]}*", Filters(), {}))
    filtered = (
        (words[0], Filters(speaker=names[3])), (words[1], Filters(act="deny")), (None, Filters(speaker=names[0])),
        (words[2], Filters(outlet=world.outlets[5])), (words[30], Filters(after="2020", before="2020-06")),
        (None, Filters(act="deny", type="direct")), (words[4], Filters(language="fr", type="mixed")),
        (None, Filters(outlet=world.outlets[150], before="2018")), (words[7], Filters(speaker=names[900])),
        (f"{words[50]} OR {words[60]}", Filters(act="accuse", after="2024-03-01")),
    )  # fmt: skip
    return mix + [("filtered", query, asked, {}) for query, asked in filtered]


def ask(store: Store, world: World, limit: int = 20) -> dict[str, list[float]]:
    """Milliseconds of every question by its sort, the warming turn left out."""
    times: dict[str, list[float]] = {}
    mix = questions(world)
    for turn in range(WARM + TURNS):
        world.order.shuffle(mix)
        for sort, query, asked, how in mix:
            began = time.perf_counter()
            list(store.search(query, asked, limit=limit, **how))
            if turn >= WARM:
                times.setdefault(sort, []).append((time.perf_counter() - began) * 1000)
    return times


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def build(path: Path, world: World, statements: int) -> None:
    """Writes the store and says what it costs."""
    seconds = 0.0
    with Store(path, create=True) as store:
        batch: list[Record] = []
        for record in records(world, statements):
            batch.append(record)
            if len(batch) == BATCH:
                began = time.perf_counter()
                store.write(batch)
                seconds += time.perf_counter() - began
                batch = []
        store.write(batch)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = store.stats()
    print(
        f"{found.articles} articles, {found.statements} statements: written in {seconds:.0f} s"
        f" ({seconds / found.articles * 1000:.2f} ms an article); {found.bytes / 1e6:.0f} MB,"
        f" {found.bytes / found.text_bytes:.2f} times the text"
    )


def main() -> None:
    """Writes, asks, verifies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the store there, or ask the one that is there")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "store.db"
        world = World(options.seed)
        if not path.exists():
            build(path, world, options.statements)
        with Store(path) as store:
            times = ask(store, world)
            everything = [one for some in times.values() for one in some]
            for sort, values in times.items():
                print(f"{sort:9} median {quantile(values, 0.5):7.1f} ms, slowest {max(values):7.1f} ms")
            print(f"{'all':9} median {quantile(everything, 0.5):7.1f} ms, 99 % {quantile(everything, 0.99):7.1f} ms")
            began = time.perf_counter()
            found = store.verify()
            print(f"verify: {len(found.problems)} problems, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
