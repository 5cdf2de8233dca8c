"""Feeds damaged inputs to every reader: python benchmarks/fuzz.py [--minutes 60] [--seed 0]

Valid files of every kind are changed, cut, doubled and joined at random, and read. Whatever they hold, each must end in
articles and refusals, within seconds and a bound of memory. A file that crashes, hangs or needs too much is kept in the
folder that is printed. Exit code: 0 when there was none.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import lzma
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from benchmarks.warc import archive, page
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.types import Article, Refusal

MOST_SECONDS = 20  # for one file
MOST_BYTES = 3 << 30  # of address space
TEXT = (
    "La maire, Ana Roy, a déclaré lundi que le pont rouvrirait avant l'été. « Les travaux avancent », a-t-elle dit. "
    * 3
)
FEED = "<rss version='2.0'><channel><title>Le Courrier</title>{}</channel></rss>".format(
    "".join(
        f"<item><title>A{n}</title><link>https://x.org/{n}</link><description>{TEXT}</description></item>"
        for n in range(4)
    )
)
MAIL = (
    "From: Mairie <a@x.org>\r\nSubject: =?utf-8?q?R=C3=A9ouverture?=\r\nDate: Thu, 26 Nov 2026 08:30:00 +0100\r\n"
    f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}\r\n"
)
Make = Callable[[random.Random], bytes]


class TooSlow(BaseException):
    """A file took longer than it may. No Exception, so that no reader takes it for its own."""


def parquet(order: random.Random) -> bytes:
    """A small table."""
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    table = pyarrow.table({"title": ["A", "B"], "text": [TEXT, None], "date": ["2026-11-26", "x"]})
    pyarrow.parquet.write_table(table, out, row_group_size=1)
    return out.getvalue()


def pdf(order: random.Random) -> bytes:
    """A page of one line, by hand."""
    stream = f"BT /F1 11 Tf 50 750 Td ({TEXT[:90]}) Tj ET".encode("cp1252")
    body = (
        b"%%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
        b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n"
        b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%%%EOF\n"
    )
    return body % (len(stream), stream)


LINES = "".join(json.dumps({"id": str(n), "title": "Pont", "text": TEXT, "published": "2026"}) + "\n" for n in range(5))
SEEDS: dict[str, Make] = {
    "a.txt": lambda order: TEXT.encode(order.choice(["utf-8", "cp1252", "utf-16"])),
    "a.html": lambda order: page(order.randrange(99), order),
    "a.jsonl": lambda order: LINES.encode(),
    "a.json": lambda order: json.dumps([json.loads(line) for line in LINES.splitlines()]).encode(),
    "a.csv": lambda order: f'title,text,date\nA,"{TEXT}",2026\nB,"{TEXT}",x\n'.encode(),
    "a.parquet": parquet,
    "a.warc": lambda order: archive(12, packed=False, seed=order.randrange(9)).raw,
    "a.warc.gz": lambda order: archive(12, packed=True, seed=order.randrange(9)).raw,
    "a.rss": lambda order: FEED.encode(),
    "a.eml": lambda order: MAIL.encode(),
    "a.pdf": pdf,
    "a.txt.gz": lambda order: gzip.compress(TEXT.encode()),
    "a.jsonl.bz2": lambda order: bz2.compress(LINES.encode()),
    "a.html.xz": lambda order: lzma.compress(page(1, order)),
}


def damaged(raw: bytes, order: random.Random) -> bytes:
    """The bytes with one to ten changes."""
    out = bytearray(raw)
    for _ in range(order.randint(1, 10)):
        if not out:
            break
        at = order.randrange(len(out))
        size = min(len(out) - at, order.choice((1, 4, 30, 400, 4000)))
        way = order.randrange(6)
        if way == 0:
            out[at] = order.randrange(256)
        elif way == 1:
            del out[at : at + size]
        elif way == 2:
            out[at:at] = order.randbytes(size)
        elif way == 3:
            out[at:at] = bytes(out[at : at + size]) * order.randint(1, 50)
        elif way == 4:
            out[at:at] = order.choice((b"\x00", b"<", b'"', b"\xff\xfe", b"99999999999", b"\r\n\r\n", b"<div>" * 3000))
        else:
            other = order.randrange(len(out))
            out[at : at + size] = out[other : other + size]
    return bytes(out[: 8 << 20])


def too_slow(number: int, frame: FrameType | None) -> None:
    """What the clock does."""
    raise TooSlow


def main() -> int:
    """Exit code: 0 when no file did harm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    order = random.Random(options.seed)
    signal.signal(signal.SIGALRM, too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        name = order.choice(sorted(SEEDS))
        path = folder / name
        path.write_bytes(damaged(SEEDS[name](order), order))
        began = time.monotonic()
        signal.alarm(MOST_SECONDS)
        try:
            found = list(open_inputs([str(path)], Settings()))
            assert all(isinstance(one, Article | Refusal) for one in found)
            counts["articles"] += sum(isinstance(one, Article) for one in found)
            counts["refusals"] += sum(isinstance(one, Refusal) for one in found)
        except (Exception, TooSlow, MemoryError) as error:  # noqa: BLE001 - that is what is looked for
            counts["harm"] += 1
            kept = folder / f"harm-{counts['harm']}-{name}"
            path.rename(kept)
            print(f"{kept}: {type(error).__name__}: {error}", flush=True)
        finally:
            signal.alarm(0)
        counts[name] += 1
        slowest = max(slowest, (time.monotonic() - began, name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    files = sum(counts[name] for name in SEEDS)
    print(
        f"{files} files in {options.minutes:.0f} minutes: {counts['articles']} articles, {counts['refusals']} refusals,"
        f" {counts['harm']} did harm; slowest {slowest[0]:.1f} s ({slowest[1]}), {peak:.0f} MB at most"
    )
    return 1 if counts["harm"] else 0


if __name__ == "__main__":
    sys.exit(main())
