"""A web archive with broken pages in it: python benchmarks/warc.py [--pages 10000]

Written by the public tool `warcio`, with five pages in a hundred broken in ten ways. Printed: how many good pages came
in of how many, how many bad ones were named of how many, by reason, and pages a second.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.types import Article

SENTENCES = (
    "La préfète a annoncé que le port resterait fermé jusqu'à la fin de la semaine.",
    "« Nous ne prendrons aucun risque », a-t-elle déclaré devant les journalistes.",
    "Selon le syndicat, les pêcheurs attendent une réponse de l'assureur depuis trois semaines.",
    "Le maire a promis que la commune avancerait les sommes nécessaires aux familles.",
    "Un porte-parole de la compagnie a refusé de commenter ces informations.",
    "Les travaux de la digue doivent commencer au printemps, a précisé le département.",
)
SHARE = 0.05  # of pages that are broken
HTML = "text/html; charset=utf-8"


class Made(msgspec.Struct, frozen=True):
    """An archive, the addresses of its good pages, and how many are bad."""

    raw: bytes
    good: set[str]
    bad: int


def page(number: int, order: random.Random) -> bytes:
    """One article as a page."""
    body = "".join(f"<p>{' '.join(order.sample(SENTENCES, 3))}</p>" for _ in range(4))
    head = f"<title>Port fermé, {number}</title>"
    menu = "<nav><a href='/'>Accueil</a></nav><footer>Mentions légales</footer>"
    article = f"<article><h1>Port fermé</h1>{body}</article>"
    return f"<html lang=fr><head>{head}</head><body>{menu}{article}</body></html>".encode()


def written(
    url: str, body: bytes, *, packed: bool, headers: Sequence[tuple[str, str]] = (), status: str = "200 OK"
) -> bytes:
    """A response as warcio writes it."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    http = StatusAndHeaders(status, list(headers) or [("Content-Type", HTML)], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))
    return out.getvalue()


GERMAN = "<p>Die Bürgermeisterin sagte am Dienstag, dass die Straße bis zum Frühjahr gesperrt bleibt.</p>"
Way = Callable[[str, bytes, bool], bytes]


def _again(record: bytes, packed: bool) -> bytes:
    return gzip.compress(record) if packed else record


def _plainly(url: str, body: bytes, **how: Any) -> bytes:
    return written(url, body, packed=False, **how)


def _damaged_bytes(url: str, body: bytes, packed: bool) -> bytes:
    """Packed: bits turned in the middle. Plain: a header that is none."""
    record = bytearray(written(url, body, packed=packed))
    if packed:
        record[len(record) // 2] ^= 0xFF
        record[len(record) // 2 + 1] ^= 0xFF
        return bytes(record)
    return bytes(record).replace(b"WARC/1.0", b"WORC/1.0", 1)


WAYS: dict[str, Way] = {
    "damaged bytes": _damaged_bytes,
    "not found": lambda url, body, packed: written(url, body, packed=packed, status="404 Not Found"),
    "an image": lambda url, body, packed: written(url, body, packed=packed, headers=[("Content-Type", "image/png")]),
    "broken encoding": lambda url, body, packed: written(
        url, gzip.compress(body)[:-99], packed=packed, headers=[("Content-Type", HTML), ("Content-Encoding", "gzip")]
    ),
    "no length": lambda url, body, packed: _again(
        _plainly(url, body).replace(b"Content-Length: ", b"Content-Size: ", 1), packed
    ),
    "no page": lambda url, body, packed: written(url, b"<html><body></body></html>", packed=packed),
    "another language": lambda url, body, packed: written(url, GERMAN.encode() * 5, packed=packed),
    "no HTTP": lambda url, body, packed: _again(
        _plainly(url, body).replace(b"HTTP/1.1 200 OK\r\n", b"nothing of HTTP\r\n", 1), packed
    ),
    "bytes of no text": lambda url, body, packed: written(url, bytes(range(256)) * 20, packed=packed),
    "a bomb": lambda url, body, packed: written(
        url, gzip.compress(b"a" * (40 << 20), 1), packed=packed,
        headers=[("Content-Type", HTML), ("Content-Encoding", "gzip")],
    ),
}  # fmt: skip


def archive(pages: int, *, packed: bool, broken: Sequence[str] | None = None, seed: int = 0) -> Made:
    """An archive of so many pages; `broken` names the ways, all of them unless said."""
    order = random.Random(seed)
    ways = sorted(WAYS if broken is None else broken)
    bad = order.sample(range(pages), max(len(ways), int(pages * SHARE))) if ways else []
    way_of = {number: ways[n % len(ways)] for n, number in enumerate(bad)}
    parts, good = [], set()
    for number in range(pages):
        url = f"https://example.org/{number}"
        body = page(number, order)
        if number in way_of:
            parts.append(WAYS[way_of[number]](url, body, packed))
        else:
            parts.append(written(url, body, packed=packed))
            good.add(url)
    return Made(b"".join(parts), good, len(way_of))


def main() -> None:
    """Writes an archive, reads it, and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    options = parser.parse_args()
    for packed in (True, False):
        made = archive(options.pages, packed=packed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("pages.warc.gz" if packed else "pages.warc")
            path.write_bytes(made.raw)
            began = time.perf_counter()
            found = list(open_inputs([str(path)], Settings()))
            seconds = time.perf_counter() - began
        read = {one.url for one in found if isinstance(one, Article)}
        reasons = Counter(one.reason for one in found if not isinstance(one, Article))
        print(
            f"{path.name}: {len(read & made.good)} of {len(made.good)} good pages read, {len(read - made.good)} others;"
            f" {sum(reasons.values())} of {made.bad} bad ones named ({dict(reasons)});"
            f" {len(found) / seconds:.0f} a second"
        )


if __name__ == "__main__":
    main()
