"""A piece of HTML to text, its paragraphs parted by blank lines: entries of feeds and mails, where all is article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

BLOCKS = frozenset(
    (
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "tr", "table", "ul", "ol", "section",
        "article", "figcaption", "pre", "header", "footer", "hr",
    )
)  # fmt: skip
SILENT = frozenset(("script", "style", "template", "noscript", "svg", "head", "title"))
SPACE = re.compile(r"[ \t\r\f\v\n]+")
GAP = "\x00"  # where a block begins or ends; never in parsed HTML


def text_of_fragment(html: str) -> str:
    """The text of a piece of HTML; plain text stays as it is but for its spaces. Empty where there is none."""
    if "<" not in html and "&" not in html:
        return "\n\n".join(filter(None, (SPACE.sub(" ", part).strip() for part in html.split("\n\n"))))
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        root = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return ""
    blocks = (SPACE.sub(" ", block).strip() for block in "".join(_walk(root)).split(GAP))
    return "\n\n".join(block for block in blocks if block)


def _walk(root: Any) -> Iterator[str]:
    """Texts, and gaps where blocks begin and end, in order; without recursion, for hostile HTML is nested deeply."""
    from lxml.etree import iterwalk

    silent = 0
    for event, element in iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in BLOCKS:
            yield GAP
        if event == "start":
            silent += tag in SILENT
            if tag == "br":
                yield " "
            if element.text and tag and not silent:
                yield element.text
        else:
            silent -= tag in SILENT
            if element.tail and not silent:
                yield element.tail
