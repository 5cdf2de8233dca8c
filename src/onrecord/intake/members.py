"""Gzip files made of members: one that is damaged is left out as a whole, for nobody can tell where its damage begins.

What is unpacked behind a damage may look like text for long. So each member is proved by its check sum before any of it
is given: it is unpacked twice, which costs little beside reading articles. Of a file that ends in the middle of a
member, what stands before the end is as good as ever.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Literal

GZIP = b"\x1f\x8b\x08"
CHUNK = 64 << 10  # bytes, as they are stored, taken at once
LOOKED_AT_BYTES = 1 << 20  # unpacked at once when a member is proved
UNPACKED_BYTES = 64 << 10  # unpacked at once when it is given
# News shrinks to a fifth, the same article over and over to a hundredth; what shrinks more is a bomb, unless small
MAX_RATIO = 200
SMALL_BYTES = 64 << 20


class Bomb(Exception):
    """A compressed file holds far more than news would."""


def check_ratio(*, unpacked: int, packed: int) -> None:
    """Raises Bomb where bytes shrink more than news does."""
    if unpacked > max(SMALL_BYTES, MAX_RATIO * packed):
        raise Bomb(f"it unpacks to more than {MAX_RATIO} times its size; unpack it yourself if it is no bomb")


class Members:
    """The lines in a gzip file that can be sought in; `damages` says what was left out, at the end all of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.damages: list[str] = []
        self._stream = stream
        self._pieces = self._proved()
        self._piece = b""

    def read1(self, size: int) -> bytes:
        """Some bytes, `size` at most; none at the end. Raises Bomb, and what the stream raises."""
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._piece = piece
        data, self._piece = self._piece[:size], self._piece[size:]
        return data

    def _proved(self) -> Iterator[bytes]:
        """What is inside the members that their check sums prove, and inside a last one that was cut off."""
        start: int | None = 0
        searching = False
        while start is not None:
            found, end = self._look(start)
            if found == "none":
                return
            if found == "damaged" or (found == "cut off" and searching):
                if not searching:
                    self.damages.append("a part of the compressed file is damaged and left out; the others are read")
                searching = True
                start = self._find(start + 1)
                continue
            searching = False
            if found == "cut off":
                self.damages.append("the compressed file is cut off; what stands before that was read")
                yield from _whole_lines(self._unpacked(start))
                return
            yield from self._unpacked(start)
            start = end

    def _look(self, start: int) -> tuple[Literal["whole", "cut off", "damaged", "none"], int]:
        """What is to be had of the member that begins here, and where it ends. Raises Bomb."""
        self._stream.seek(start)
        unpacker = zlib.decompressobj(wbits=31)
        packed = unpacked = 0
        while chunk := self._stream.read(CHUNK):
            packed += len(chunk)
            while chunk:
                try:
                    unpacked += len(unpacker.decompress(chunk, LOOKED_AT_BYTES))
                except zlib.error:
                    return "damaged", start
                check_ratio(unpacked=unpacked, packed=packed)
                chunk = unpacker.unconsumed_tail
            if unpacker.eof:
                rest = unpacker.unused_data
                filled_up = len(rest) - len(rest.lstrip(b"\x00"))  # zeros to the end of a block
                return "whole", start + packed - len(rest) + filled_up
        return ("cut off", start) if packed else ("none", start)

    def _unpacked(self, start: int) -> Iterator[bytes]:
        """What is inside a member."""
        self._stream.seek(start)
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof and (chunk := self._stream.read(CHUNK)):
            while chunk:
                yield unpacker.decompress(chunk, UNPACKED_BYTES)
                chunk = unpacker.unconsumed_tail

    def _find(self, start: int) -> int | None:
        """Where another member may begin, for its check sum to tell; None where nothing looks like one."""
        self._stream.seek(start)
        looked_at = b""
        while chunk := self._stream.read(CHUNK):
            looked_at += chunk
            at = looked_at.find(GZIP)
            if at >= 0:
                return start + at
            start += len(looked_at) - len(looked_at[-2:])
            looked_at = looked_at[-2:]
        return None


def _whole_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same without a last line that does not end."""
    begun = b""
    for piece in pieces:
        lines, newline, rest = piece.rpartition(b"\n")
        if newline:
            yield begun + lines + newline
            begun = rest
        else:
            begun += piece
