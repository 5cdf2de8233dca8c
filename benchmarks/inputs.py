"""A small valid input of every kind, as benchmarks and tests damage and read them."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from email.message import EmailMessage

from benchmarks.warc import archive

TEXT = (
    "La maire de Brévent, Ana Roy, a déclaré lundi que le pont rouvrirait avant l'été. « Les travaux avancent »,"
    " a-t-elle ajouté devant les habitants réunis à la salle des fêtes, où l'on attendait l'annonce depuis des mois."
)
ENGLISH = (
    "The harbour master said on Monday that the ferry would sail again before the summer. The crew has been waiting for"
    " weeks, she added, and nobody at the port office could tell the families when the repairs would be over."
)


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Le Courrier</title>
<language>fr</language>
<item><title>Le pont rouvrira</title><link>https://example.org/pont</link>
<pubDate>Thu, 26 Nov 2026 08:30:00 +0100</pubDate>
<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">A. B.</dc:creator>
<description>Bref.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><script>alert(1)</script><p>Fin &amp; suite.</p>]]>
</content:encoded></item>
<item><title>Sans date</title><link>javascript:alert(1)</link><description>{TEXT}</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Ledger</title><entry><title>Ferry</title>
<id>urn:1</id><link href="https://example.org/ferry"/><updated>2026-11-26T09:00:00Z</updated>
<content type="html">&lt;p&gt;{ENGLISH}&lt;/p&gt;</content></entry></feed>"""


def mail(**parts: str) -> bytes:
    """A press release; `plain` and `html` are its parts."""
    message = EmailMessage()
    message["Subject"], message["From"] = "Réouverture du pont", "Mairie de Brévent <presse@example.org>"
    message["Date"] = "Thu, 26 Nov 2026 08:30:00 +0100"
    message.set_content(parts.get("plain", "")) if "plain" in parts else None
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return bytes(message)


def pdf(lines: list[str]) -> bytes:
    """A page with lines of text, written by hand: no library here writes one."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 11 Tf 50 750 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def table(delimiter: str = ",") -> bytes:
    """Two rows below a header."""
    out = io.StringIO()
    rows = [
        ["Headline", "Body", "Date", "Source"],
        ["Le pont", TEXT, "2026-11-26", "Le Courrier"],
        ["", ENGLISH, "", ""],
    ]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def parquet() -> bytes:
    """Forty rows in four groups."""
    import pyarrow
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    rows = {"maintext": [TEXT, ENGLISH] * 20, "authors": [["A", "B"], []] * 20, "date": ["2026-11-26", None] * 20}
    write_table(pyarrow.table(rows), out, row_group_size=10)
    return out.getvalue()


def page() -> bytes:
    """An article with menu and metadata."""
    head = '<meta charset="utf-8"><meta property="article:published_time" content="2026-11-26T08:30:00+01:00">'
    body = f"<nav><a href=/>Accueil</a></nav><article><h1>Le pont</h1><p>{TEXT}</p><p>{TEXT}</p></article>"
    return f"<!DOCTYPE html><html lang=fr><head>{head}<title>Le pont</title></head><body>{body}</body></html>".encode()


LINE = json.dumps({"id": "a", "text": TEXT, "title": "Le pont", "published": "2026-11-26"}) + "\n"
SEEDS: dict[str, Callable[[], bytes]] = {
    "a.txt": lambda: f"{TEXT}\n\n{TEXT}\n".encode(),
    "utf16.txt": lambda: TEXT.encode("utf-16"),
    "a.html": page,
    "a.json": lambda: json.dumps([{"text": TEXT}, {"text": ENGLISH}], indent=1).encode(),
    "a.jsonl": lambda: (LINE * 3).encode(),
    "a.warc": lambda: archive(12, packed=False, broken=()).raw,
    "a.warc.gz": lambda: archive(12, packed=True, broken=()).raw,
    "bad.warc": lambda: archive(12, packed=False).raw,
    "bad.warc.gz": lambda: archive(12, packed=True).raw,
    "a.rss": lambda: RSS.encode(),
    "a.atom": lambda: ATOM.encode(),
    "a.csv": table,
    "a.tsv": lambda: table("\t"),
    "a.parquet": parquet,
    "a.eml": lambda: mail(plain=TEXT, html=f"<p>{TEXT}"),
    "a.pdf": lambda: pdf([TEXT]),
    "a.txt.gz": lambda: gzip.compress(TEXT.encode()),
    "a.jsonl.bz2": lambda: bz2.compress((LINE * 30).encode()),
    "a.csv.xz": lambda: lzma.compress(table()),
    "unnamed": page,
}
