"""Gzip files made of members, line by line: a damage costs the rest of its member, and the next ones are read."""

from __future__ import annotations

import zlib
from typing import Any

GZIP = b"\x1f\x8b\x08"
CHUNK = 256 << 10
MAX_LINE_BYTES = 16 << 20  # held back at most, until its end is known to be whole
LOOKED_AT = 512  # bytes by which the beginning of a text is told from noise, after a damage
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")


class Members:
    """What is inside, in whole lines; `damages` says what was found on the way, after the end all of it."""

    def __init__(self, stream: Any) -> None:
        self.damages: list[str] = []
        self._stream = stream
        self._packed = b""
        self._unpacker: Any = None
        self._searching = False  # for the next member, after a damage
        self._ended = False
        self._whole = bytearray()  # lines that are ready to be given
        self._begun = bytearray()  # a line whose end was not seen yet

    def read1(self, size: int) -> bytes:
        """Some bytes, `size` at most; none at the end."""
        while not self._whole and not self._ended:
            self._fill()
        data = bytes(self._whole[:size])
        del self._whole[:size]
        return data

    def _fill(self) -> None:
        if not self._packed:
            self._packed = self._stream.read(CHUNK)
            if not self._packed:
                return self._end()
        if self._unpacker is None:
            self._unpacker = zlib.decompressobj(wbits=31)
        try:
            more = self._unpacker.decompress(self._packed, LOOKED_AT if self._searching else CHUNK)
        except zlib.error as error:
            return self._damaged(str(error))
        if self._searching and more and not CONTROLS.isdisjoint(more):
            return self._damaged("")
        self._packed = self._unpacker.unconsumed_tail
        if self._unpacker.eof:
            self._packed = self._unpacker.unused_data.lstrip(b"\x00")
            self._unpacker = None
        if more:
            self._searching = False
            self._take(more)
        return None

    def _take(self, more: bytes) -> None:
        lines, newline, rest = more.rpartition(b"\n")
        if newline or len(self._begun) > MAX_LINE_BYTES:
            self._whole += self._begun + lines + newline
            self._begun.clear()
        self._begun += rest

    def _damaged(self, why: str) -> None:
        """Forgets what is in hand and goes to where another member seems to begin."""
        if not self._searching:
            self.damages.append(f"the compressed file is damaged ({why}); the rest of that part is lost")
        self._searching = True
        self._begun.clear()
        self._unpacker = None
        packed = self._packed[1:]
        while (at := packed.find(GZIP)) < 0:
            more = self._stream.read(CHUNK)
            if not more:
                self._packed, self._ended = b"", True
                return
            packed = packed[-2:] + more
        self._packed = packed[at:]

    def _end(self) -> None:
        if self._unpacker is not None and not self._searching:
            self.damages.append("the compressed file is cut off; what stands before that was read")
        elif not self._searching:
            self._whole += self._begun
        self._begun.clear()
        self._ended = True
