"""Plain text: the given text, unchanged."""

from __future__ import annotations

from .decode import decode
from .found import Found, NotRead, NotText


def read_plain(raw: bytes, *, origin: str) -> Found | NotRead:
    """The one text of some bytes."""
    text = decode(raw)
    return text.at(origin) if isinstance(text, NotText) else Found(id=None, origin=origin, text=text)
