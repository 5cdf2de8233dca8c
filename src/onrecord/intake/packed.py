"""Compressed files of one of the kinds that are read: unpacked up to a bound, so that no bomb goes off."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from typing import BinaryIO, cast

MAGIC = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz"}
ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)


def unpacked(stream: BinaryIO, packing: str) -> BinaryIO:
    """A stream of what is inside; reading it raises one of ERRORS where it is damaged."""
    if packing == ".gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return cast("BinaryIO", bz2.BZ2File(stream) if packing == ".bz2" else lzma.LZMAFile(stream))


def packing_of(head: bytes) -> str | None:
    """The suffix of the compression that some first bytes are in; None for none."""
    return next((suffix for magic, suffix in MAGIC.items() if head.startswith(magic)), None)
