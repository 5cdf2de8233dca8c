"""Web archives (WARC 1.0 and 1.1), gzipped or not: the pages of their responses; one bad record costs that record.

Records are told apart here, so that a broken one does not take the rest of the file along; what is in one, its HTTP and
its encodings, is read by `fastwarc`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from .extras import need
from .found import Found, NotRead, NotText
from .html import read_html
from .payload import MESSAGE_CHARS, payload_of, response_of
from .plain import read_plain

MAX_RECORD_BYTES = 32 << 20  # as of a page that is a file; more is a film, or a bomb
MAX_HEADER_BYTES = 64 << 10
CHUNK = 256 << 10
GZIP = b"\x1f\x8b\x08"
BEGIN = b"WARC/1."
END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
RESPONSE = re.compile(rb"^warc-type:[ \t]*response[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
PAGES = frozenset(("text/html", "application/xhtml+xml", "text/plain"))


def read_warc(stream: BinaryIO, *, origin: str) -> Iterator[Found | NotRead]:
    """The article of each response, with its address as `url`. Raises IntakeError where `fastwarc` is missing."""
    need("fastwarc", "warc", "web archives")
    number = 0
    for record in _records(stream):
        number += 1
        where = f"{origin}:{number}"
        if isinstance(record, NotText):
            yield record.at(where)
            continue
        try:
            found = _page(record, where)
        except Exception as error:  # noqa: BLE001 - whatever a library makes of hostile bytes costs that record alone
            why = str(error)[:MESSAGE_CHARS]
            found = NotRead(origin=where, reason="malformed", message=f"the record cannot be read ({why})")
        if found is not None:
            yield found


# --- one record -------------------------------------------------------------------------------------------------------


def _page(record: bytes, origin: str) -> Found | NotRead | None:
    """The page in a record; None for records that are no responses."""
    response = response_of(record)
    if response is None:
        return None
    url = (response.headers.get("WARC-Target-URI") or "").strip("<>") or None
    raw = _taken(record, response)
    if isinstance(raw, NotText):
        return NotRead(id=url, origin=origin, reason=raw.reason, message=raw.message)
    is_plain = (response.http_content_type or "").lower() == "text/plain"
    found = read_plain(raw, origin=origin) if is_plain else read_html(raw, origin=origin)
    if isinstance(found, NotRead):
        return msgspec.structs.replace(found, id=url)
    # No date of publication but the page's own: WARC-Date is when the crawler came by, years later perhaps
    return msgspec.structs.replace(found, id=url, url=url or found.url)


def _taken(record: bytes, response: Any) -> bytes | NotText:
    """The bytes of a page, or why the answer of the server is none."""
    if response.http_headers is None or response.http_headers.status_code is None:
        return NotText("malformed", "it holds no HTTP response")
    status = response.http_headers.status_code
    if not 200 <= status < 300:
        return NotText("unsupported", f"the server answered {status}")
    if (response.http_content_type or "text/html").lower() not in PAGES:
        return NotText("unsupported", f"it is no page but {response.http_content_type}")
    return payload_of(record, response)


# --- records apart ----------------------------------------------------------------------------------------------------


class _Broken(Exception):
    """The source could not be unpacked; it goes on at the next place where a gzip member begins."""


def _records(stream: BinaryIO) -> Iterator[bytes | NotText]:
    """The bytes of each response, header and all, and what could not be told apart."""
    source = _Source(stream)
    while True:
        try:
            if not source.skip_to_header():
                return
            record = source.take_record()
        except _Broken as error:
            yield NotText("malformed", f"{error}; the rest of the archive is read")
            continue
        if record is not None:
            yield record


class _Source:
    """Bytes of an archive, unpacked where they are packed, with what was not looked at yet in a buffer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._packed = b""
        self._unpacker: Any = None
        head = stream.read(CHUNK)
        self._is_packed = head.startswith(GZIP)
        self._packed = head
        self._ended = not head
        self._searching = False  # for the next member, after a damage
        self._told = False  # that what is in hand is bad

    def fill(self) -> bool:
        """Adds some bytes to the buffer; False at the end. Raises _Broken."""
        if self._is_packed:
            return self._unpack()
        more, self._packed = self._packed or self._stream.read(CHUNK), b""
        self._buffer += more
        return bool(more)

    def _unpack(self) -> bool:
        while True:
            if not self._packed:
                self._packed = self._stream.read(CHUNK)
                if not self._packed:
                    return self._at_end()
            if self._unpacker is None:
                self._unpacker = zlib.decompressobj(wbits=31)
            try:
                # A few bytes first after a damage: they tell a member that is damaged, too, from none at all
                more = self._unpacker.decompress(self._packed, len(BEGIN) if self._searching else CHUNK)
            except zlib.error as error:
                was_searching = self._searching
                self._to_next_member()
                if not was_searching:
                    raise _Broken(f"the archive is damaged here ({error})") from error
                continue
            if more and self._searching and not more.startswith(BEGIN):
                self._to_next_member()
                continue
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data.lstrip(b"\x00")
                self._unpacker = None
            if more:
                self._searching = False
                self._buffer += more
                return True

    def _at_end(self) -> bool:
        if self._unpacker is not None and not self._unpacker.eof:
            self._unpacker = None
            if not self._ended:
                self._ended = True
                self._buffer.clear()
                raise _Broken("the archive ends in the middle of a record: it was cut off")
        return False

    def _to_next_member(self) -> None:
        """Forgets what is in hand and goes to where another member seems to begin; three bytes may deceive."""
        self._searching = True
        self._buffer.clear()
        self._unpacker = None
        packed = self._packed[1:]
        while (at := packed.find(GZIP)) < 0:
            more = self._stream.read(CHUNK)
            if not more:
                packed = b""
                break
            packed = packed[-2:] + more
        self._packed = packed[at:] if at >= 0 else b""
        if not self._packed:
            self._ended = True

    def skip_to_header(self) -> bool:
        """Goes to the next record; False when there is none. Raises _Broken where what lies between is no record.

        What lies behind a record that was told to be bad belongs to it and is passed over.
        """
        skipped = False
        while not self._buffer.startswith(BEGIN):
            at = self._buffer.find(b"\n" + BEGIN)
            if at >= 0:
                skipped = skipped or bool(self._buffer[:at].strip())
                del self._buffer[: at + 1]
                break
            kept = self._buffer[-len(BEGIN) :]
            skipped = skipped or bool(self._buffer[: -len(BEGIN)].strip())
            self._buffer[:] = kept.lstrip(b"\r\n")
            if not self.fill():
                skipped = skipped or bool(self._buffer.strip())
                self._buffer.clear()
                break
        was_told, self._told = self._told, False
        if skipped and not was_told:
            raise _Broken("there are bytes here that are no record")
        return bool(self._buffer)

    def take_record(self) -> bytes | NotText | None:
        """The record at the beginning of the buffer; None for one that is no response. Raises _Broken."""
        while (match := END_OF_HEADER.search(self._buffer, 0, MAX_HEADER_BYTES)) is None:
            if len(self._buffer) >= MAX_HEADER_BYTES or not self.fill():
                del self._buffer[: len(BEGIN)]
                self._told = True
                return NotText("malformed", "the header of the record does not end")
        header = bytes(self._buffer[: match.end()])
        length = LENGTH.search(header)
        if length is None:
            del self._buffer[: match.end()]
            self._told = True
            return NotText("malformed", "the record does not say how long it is")
        size = match.end() + int(length[1])
        wanted = RESPONSE.search(header) is not None
        if not wanted or size > MAX_RECORD_BYTES:
            self._pass_over(size)
            if not wanted:
                return None
            return NotText("too_long", f"the record is longer than {MAX_RECORD_BYTES >> 20} MB")
        while len(self._buffer) < size:
            if not self.fill():
                self._buffer.clear()
                return NotText("malformed", "the record is shorter than it says: the archive was cut off")
        record = bytes(self._buffer[:size])
        del self._buffer[:size]
        return record + b"\r\n\r\n"

    def _pass_over(self, size: int) -> None:
        while size > len(self._buffer):
            size -= len(self._buffer)
            self._buffer.clear()
            if not self.fill():
                return
        del self._buffer[:size]
