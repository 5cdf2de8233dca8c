"""What is in the HTTP answer of an archived record, its chunks joined and unpacked; a part of it is refused.

A crawler may have unpacked an answer and kept the headers that say otherwise; what begins as a page is then one.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any, Literal

from .found import NotText

MAX_BYTES = 32 << 20  # unpacked; as of a page that is a file
BY_LIBRARY = frozenset(("br", "zstd"))
GZIP = frozenset(("gzip", "x-gzip"))
LAST_CHUNK = re.compile(rb"(?:^|\n)0+[ \t]*(?:;[^\n]*)?\r?\n")
TAIL_BYTES = 1024  # of a record, where its last chunk must stand
MESSAGE_CHARS = 80  # of a library's message; some quote the page


def response_of(record: bytes, decoded: Literal["none", "transfer", "all"] = "transfer") -> Any:
    """The response in a record, by `fastwarc`; None where it is another kind of record. Raises OSError."""
    from fastwarc import ArchiveIterator, WarcRecordType

    responses = ArchiveIterator(BytesIO(record), record_types=WarcRecordType.response, auto_decode=decoded)
    return next(iter(responses), None)


def payload_of(record: bytes, response: Any) -> bytes | NotText:
    """The bytes that the server meant."""
    headers = {name.lower(): value for name, value in response.http_headers.items()}
    coding = headers.get("content-encoding", "").strip().lower()
    try:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            _check_end(record)
        raw = response_of(record, "all").reader.read(MAX_BYTES + 1) if coding in BY_LIBRARY else _read(response)
        if len(raw) <= MAX_BYTES and (coding in GZIP or coding == "deflate"):
            raw = _inflated(raw, coding)
    except (OSError, EOFError, zlib.error) as error:
        as_it_stands = _read(response_of(record, "none"))
        if as_it_stands.lstrip().startswith(b"<"):
            return as_it_stands
        return NotText("malformed", f"its encoding is broken ({str(error)[:MESSAGE_CHARS]})")
    return NotText("too_long", f"unpacked it is longer than {MAX_BYTES >> 20} MB") if len(raw) > MAX_BYTES else raw


def _check_end(record: bytes) -> None:
    """Raises EOFError where the last chunk is missing."""
    if LAST_CHUNK.search(record, max(0, len(record) - TAIL_BYTES)) is None:
        raise EOFError("its last chunk is missing")


def _read(response: Any) -> bytes:
    raw: bytes = response.reader.read(MAX_BYTES + 1)
    return raw


def _inflated(raw: bytes, coding: str) -> bytes:
    """Up to one byte over the bound. Raises zlib.error, or EOFError for what was cut off."""
    bare = coding == "deflate" and not _is_zlib(raw)  # "deflate" without its header, as many servers send it
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS if bare else 32 + zlib.MAX_WBITS)
    found = unpacker.decompress(raw, MAX_BYTES + 1)
    if not unpacker.eof and len(found) <= MAX_BYTES:
        raise EOFError("it was cut off")
    return found


def _is_zlib(raw: bytes) -> bool:
    return len(raw) > 1 and raw[0] & 15 == 8 and int.from_bytes(raw[:2], "big") % 31 == 0
