"""What reading an archive costs: python -m benchmarks.archive [--articles 200] [--memory 2000] [--check N]

Figures, each of its own: processor time an article for taking it out of its page, reading it and writing it, with
bytes in and out; two workers against one, in turns; the peak memory of a worker after a tenth of the articles and at
their end; the time of a run over finished shards. `--check N` reads N pages in web archives on all cores and prints
what the first figures say beside what it took.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.collect import inputs
from benchmarks.warc import written as record
from onrecord.archive.engines.local import Local
from onrecord.archive.naming import desk_of
from onrecord.archive.output import Spool, write
from onrecord.archive.places import Out, describe, opened
from onrecord.archive.plan import plan
from onrecord.archive.report import ArchiveSettings, ShardReport
from onrecord.archive.run import run
from onrecord.archive.shard import articles, process_shard
from onrecord.types import Article

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PAGES = 500  # in one web archive
SETTINGS = ArchiveSettings()


def page(number: int) -> bytes:
    """An example as a news site would set it: a menu, teasers, scripts, comments; some 20 KB."""
    files = sorted(EXAMPLES.glob("*.txt"))
    title, *paragraphs = files[number % len(files)].read_text(encoding="utf-8").strip().split("\n\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs, f"Édition {number}."))
    order = random.Random(number)
    menu = "".join(f"<li><a href='/rubrique/{n}'>Rubrique {n}</a></li>" for n in range(40))
    teasers = "".join(
        f"<div class=card><a href='/{order.randrange(10**9)}'><h3>Autre article {n}</h3><b>il y a {n} h</b></a></div>"
        for n in range(60)
    )
    script = f"<script>window.data={[order.randrange(10**6) for _ in range(900)]}</script>"
    head = (
        f"<title>{title}</title><meta property='article:published_time' content='2026-0{1 + number % 9}-11T08:00:00Z'>"
    )
    return (
        f"<html><head>{head}{script}</head><body><nav><ul>{menu}</ul></nav><main><article><h1>{title}</h1>{body}"
        f"</article></main><aside>{teasers}</aside><footer>Mentions légales</footer></body></html>"
    ).encode()


def web_archive(path: Path, numbers: range) -> Path:
    """A web archive of pages, each with an address of its own."""
    with path.open("wb") as out:
        for number in numbers:
            out.write(record(f"https://example.org/{number}", page(number), packed=True))
    return path


class Cost(msgspec.Struct, frozen=True):
    """Milliseconds of one core and bytes, of one article."""

    intake_ms: float
    reading_ms: float
    writing_ms: float
    bytes_in: float
    bytes_out: float

    @property
    def all_ms(self) -> float:
        """Everything."""
        return self.intake_ms + self.reading_ms + self.writing_ms


def cost(path: Path) -> Cost:
    """What a shard costs, step by step; processor time, so that a busy machine does not count."""
    desk = desk_of(SETTINGS.reading)
    object = describe(str(path))
    list(desk.read_many([Article(id="x", text="« Oui », a dit Roy.", language="fr", sha256="0" * 64)]))  # loads
    times = [time.process_time()]
    with opened(object.uri) as stream:
        found = [one for one in articles(stream, object, None, SETTINGS) if isinstance(one, Article)]
    times.append(time.process_time())
    records = list(desk.read_many(found))
    times.append(time.process_time())
    spool = Spool()
    with tempfile.TemporaryDirectory() as folder:
        for one in records:
            spool.add(one)
        write(spool, Out(folder), "x")
        times.append(time.process_time())
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
    spool.close()
    intake_ms, reading_ms, writing_ms = (1000 * (b - a) / len(found) for a, b in pairwise(times))
    return Cost(intake_ms, reading_ms, writing_ms, object.bytes / len(found), size / len(found))


def read(paths: list[Path], workers: int) -> float:
    """Seconds a shard, from when every worker has read its first: the start of processes does not count."""
    with tempfile.TemporaryDirectory() as out:
        began = 0.0
        for number, report in enumerate(Local().run([str(path) for path in paths], out, SETTINGS, workers), 1):
            assert report.error is None, report.error
            if number == workers:
                began = time.perf_counter()
        return (time.perf_counter() - began) / (len(paths) - workers)


def peak(path: Path) -> float:
    """Megabytes at most of a process that reads one shard."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "benchmarks.archive", "--worker", str(path), out]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def worker(path: str, out: str) -> None:
    """Reads a shard and prints the peak memory of this process in megabytes."""
    import resource

    report = process_shard(path, out, SETTINGS)
    assert report.error is None, report.error
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def finished(number: int, folder: Path) -> tuple[int, float]:
    """Shards that a run over so many finished ones reads, and its seconds."""
    source, out = folder / "many", Out(str(folder / "done"))
    source.mkdir()
    for n in range(number):
        (source / f"{n:06}.jsonl").write_text("{}\n")
    for shard in plan([str(source)], out, SETTINGS).todo:
        report = ShardReport(uri=shard.uri, name=shard.name, bytes=shard.bytes)
        out.write(msgspec.json.encode(report), f"reports/{shard.name}.json")
    run(plan([str(source)], out, SETTINGS), out, SETTINGS, Local(), workers=1)  # writes the manifest
    began = time.perf_counter()
    again = run(plan([str(source)], out, SETTINGS), out, SETTINGS, Local(), workers=1)
    return again.read.shards, time.perf_counter() - began


def check(number: int, folder: Path, told: Cost) -> str:
    """Reads so many pages on all cores: what it took, beside what the cost of one says."""
    source = folder / "check"
    source.mkdir()
    for first in range(0, number, PAGES):
        web_archive(source / f"{first:08}.warc.gz", range(first, min(number, first + PAGES)))
    out, cores = Out(str(folder / "checked")), os.cpu_count() or 1
    began = time.perf_counter()
    done = run(plan([str(source)], out, SETTINGS), out, SETTINGS, Local(), workers=cores)
    seconds = time.perf_counter() - began
    size = sum(file.stat().st_size for file in Path(out.root).rglob("*.parquet"))
    foretold = told.all_ms * number / 1000 / cores
    return (
        f"{done.read.articles} of {number} articles in {done.read.shards} shards on {cores} cores: {seconds:.0f} s,"
        f" foretold {foretold:.0f} s ({seconds / foretold:.2f} times); {size / 1e6:.0f} MB out, foretold"
        f" {told.bytes_out * number / 1e6:.0f} MB"
    )


def lines(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The figures, one after the other."""
    pages = web_archive(folder / "a.warc.gz", range(options.articles))
    told = cost(pages)
    for name, one in (("web archive", told), ("JSON Lines", cost(inputs(folder / "a.jsonl", options.articles)))):
        yield (
            f"{name}, {options.articles} articles, ms of one core each: {one.intake_ms:.1f} taking it out,"
            f" {one.reading_ms:.1f} reading, {one.writing_ms:.1f} writing;"
            f" {one.bytes_in:.0f} bytes in, {one.bytes_out:.0f} out"
        )
    if options.rounds:
        some = [inputs(folder / f"w{n}.jsonl", options.articles) for n in range(8)]
        turns = [(read(some[:4], 1), read(some, 2)) for _ in range(options.rounds)]
        yield f"two workers: {median(one / two for one, two in turns):.2f} times one (medians of {options.rounds})"
    for many in (options.memory // 10, options.memory):
        if many:
            path = inputs(folder / f"{many}.jsonl", many)
            yield f"{many} articles in one shard: {peak(path):.0f} MB at most"
    if options.finished:
        number, seconds = finished(options.finished, folder)
        yield f"{options.finished} finished shards: {number} read again, {seconds:.2f} s"
    if options.check:
        yield check(options.check, folder, told)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--memory", type=int, default=2_000)
    parser.add_argument("--finished", type=int, default=1_000)
    parser.add_argument("--check", type=int, default=0)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(*options.worker)
    with tempfile.TemporaryDirectory() as name:
        for line in lines(options, Path(name)):
            print(line, flush=True)
    return None


if __name__ == "__main__":
    main()
