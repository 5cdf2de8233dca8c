"""What kind of input some bytes are, by their name and their first bytes."""

from __future__ import annotations

import re
from typing import Literal

from .decode import BYTE_ORDER_MARKS
from .found import NotText

InputKind = Literal["plain", "html", "json", "jsonl", "csv", "parquet", "warc", "feed", "mail", "pdf"]

KINDS: dict[str, InputKind] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".rss": "feed",
    ".atom": "feed",
    ".eml": "mail",
    ".pdf": "pdf",
}

# First bytes of formats that hold text, but not as text; with what to do about each
UNSUPPORTED = (
    (b"PK\x03\x04", "a zip archive or an office document; unpack it, or save it as text"),
    (b"\xd0\xcf\x11\xe0", "an old office document; save it as text"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd; unpack it first"),
    (b"{\\rtf", "an RTF document; save it as text"),
    (b"SQLite format 3\x00", "an SQLite database; export its articles as JSON Lines"),
)
# The same by name, for what would pass for text: data, and what browsers save beside a page
UNSUPPORTED_SUFFIXES = {
    **dict.fromkeys((".css", ".js", ".mjs", ".svg"), "a part of a web page; give the page itself"),
}
# Kinds that their first bytes give away, whatever the name
MAGIC: tuple[tuple[bytes, InputKind], ...] = ((b"%PDF-", "pdf"), (b"WARC/1.", "warc"), (b"PAR1", "parquet"))
AN_XML = "an XML document that is no feed; give its articles as text, HTML or JSON Lines"
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)
XML = re.compile(rb"\s*<\?xml\b", re.I)
# What servers call pages, texts and feeds
MEDIA = frozenset(
    (
        "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/xml", "application/xml",
        "application/rss+xml", "application/atom+xml", "application/rdf+xml",
    )
)  # fmt: skip
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"OggS", b"ID3")

PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
OBJECT = re.compile(rb"\s*\{\s*\"")
OBJECTS = re.compile(rb"\s*\[\s*\{\s*\"")


def kind_of(suffix: str, head: bytes) -> InputKind | NotText:
    """The kind of an input; NotText for one that is not read. `head` is its first bytes, a few hundred at least.

    The name decides, and the bytes where the name says nothing; but no name makes a PDF readable.
    """
    for magic, what in UNSUPPORTED:
        if head.startswith(magic):
            return NotText("unsupported", f"this is {what}")
    if head.startswith(IMAGES):
        return NotText("binary", "this is an image, a sound or a program; give a text, HTML or JSON Lines file")
    if what := UNSUPPORTED_SUFFIXES.get(suffix.lower(), ""):
        return NotText("unsupported", f"this is {what}")
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    return KINDS.get(suffix.lower()) or _sniffed(_bare(head))


def kind_of_answer(media: str, head: bytes) -> InputKind | NotText:
    """The kind of what a server sent as `media` ("text/html"): a page, a text or a feed; NotText for all else."""
    if media not in MEDIA:
        return NotText("unsupported", f"the server sends no page, text or feed but {media}")
    kind = kind_of("", head)
    if kind == "plain" and media.endswith("html"):
        return "html"  # a piece of a page, without its first element
    if kind in {"html", "plain", "feed"} or isinstance(kind, NotText):
        return kind
    return NotText("unsupported", f"what the server sends is no page, text or feed but of the kind {kind}")


def _sniffed(head: bytes) -> InputKind | NotText:
    if PAGE.match(head):
        return "html"
    if OBJECTS.match(head):
        return "json"
    if OBJECT.match(head):
        first, newline, _ = head.partition(b"\n")
        # An object on one line is JSON Lines; one spread over lines is a document
        return "json" if newline and not first.rstrip().endswith(b"}") else "jsonl"
    if FEED.search(head) and head.lstrip().startswith(b"<"):
        return "feed"
    if XML.match(head):
        return NotText("unsupported", f"this is {AN_XML}")
    return "plain"


def _bare(head: bytes) -> bytes:
    """The first bytes without a byte order mark, as ASCII where they are UTF-16 or UTF-32."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            body = head[len(mark) :]
            return body if encoding == "utf-8" else body.replace(b"\x00", b"")
    return head
