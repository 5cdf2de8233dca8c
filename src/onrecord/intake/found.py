"""What a format reader finds in an input, before it is an article."""

from __future__ import annotations

import msgspec

from ..types import RefusalReason


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One text with what its input says about it; nothing is checked yet."""

    id: str | None  # the input's own; None where it gives none
    origin: str  # the file, or file and line
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None  # as the input gives it: "fr", "fr-FR", "French"
    language_is_hint: bool = False  # the text decides: the language of a web page is often that of its template
    as_it_stands: bool = False  # the title is never put before the text


class NotRead(msgspec.Struct, frozen=True, kw_only=True):
    """An input, or a line of one, that holds no text to be read, and why."""

    origin: str
    reason: RefusalReason
    message: str
    id: str | None = None


class NotText(msgspec.Struct, frozen=True):
    """Bytes that are not text, and why."""

    reason: RefusalReason
    message: str

    def at(self, origin: str) -> NotRead:
        """The same, said of an input."""
        return NotRead(origin=origin, reason=self.reason, message=self.message)
