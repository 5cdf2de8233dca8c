"""Compressed files of one of the kinds that are read: unpacked up to a bound, so that no bomb goes off."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast

from .members import Bomb, Members, check_ratio

__all__ = ["ERRORS", "Bomb", "packing_of", "unpacked", "unpacked_lines"]

MAGIC = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz"}
ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)


def unpacked_lines(stream: BinaryIO) -> tuple[BufferedReader, list[str]]:
    """A stream of the lines inside a gzip file without what is damaged; that is told in the list when it has ended.

    Reading it raises Bomb. The stream must be one to seek in.
    """
    inner = Members(stream)
    return BufferedReader(_Unpacked(inner)), inner.damages


def unpacked(stream: BinaryIO, packing: str) -> BufferedReader:
    """A stream of what is inside; reading it raises one of ERRORS where it is damaged, and Bomb."""
    packed = _Counted(stream)
    if packing == ".gz":
        inner: Any = gzip.GzipFile(fileobj=cast("BinaryIO", packed))
    else:
        inner = (bz2.BZ2File if packing == ".bz2" else lzma.LZMAFile)(cast("BinaryIO", packed))
    return BufferedReader(_Unpacked(inner, packed))


def packing_of(head: bytes) -> str | None:
    """The suffix of the compression that some first bytes are in; None for none."""
    return next((suffix for magic, suffix in MAGIC.items() if head.startswith(magic)), None)


class _Counted:
    """A stream that knows how much of it was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data

    def seekable(self) -> bool:
        return False


class _Unpacked(RawIOBase):
    """What is unpacked, as long as it is in proportion."""

    def __init__(self, inner: Any, packed: _Counted | None = None) -> None:
        self._inner = inner
        self._packed = packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read1(len(buffer))
        buffer[: len(data)] = data
        if self._packed is not None:
            self._count += len(data)
            check_ratio(unpacked=self._count, packed=self._packed.count)
        return len(data)
