"""Article text made fit to be shown: it may hold anything, and none of it may act on a terminal or a page."""

from __future__ import annotations

import re

# Control characters (an escape sequence begins with one), the marks that turn the direction of text around, and what
# no document in XML may hold, a plot in SVG for one.
ACTING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def harmless(text: str) -> str:
    """The text with control and direction characters shown as "�"; line breaks and tabs stay."""
    return ACTING.sub("\ufffd", text)
