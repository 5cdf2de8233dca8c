"""HTML pages: the article without what surrounds it, by trafilatura, with the standfirst that it may leave out."""

from __future__ import annotations

import re
from typing import Any

from .dates import sensible
from .decode import decode
from .extras import hush
from .found import Found, NotRead, NotText

DECLARED = re.compile(
    rb"""
      <meta [^>]{0,200}? charset \s* = \s* ["']? \s* (?P<meta>[\w:.-]+)       # <meta charset="iso-8859-1">
    | <\?xml [^>]{0,200}? encoding \s* = \s* ["'] (?P<xml>[\w:.-]+)           # <?xml version="1.0" encoding="utf-8"?>
    """,
    re.VERBOSE | re.IGNORECASE,
)
DECLARED_WITHIN_BYTES = 4096  # browsers look at 1024; content systems put much before it

# Of the class of an element: "article__chapo", "standfirst", "article-lead"
STANDFIRST = re.compile(
    r"chap[oôe] | standfirst | sous-titre | article[-_]{1,2}(?:desc|lead|intro|summary) | \b(?:lede|lead|dek)\b",
    re.VERBOSE | re.IGNORECASE,
)
STANDFIRST_CHARS = range(20, 800)  # shorter is a label, longer the article itself

# "Lire aussi : …", "À lire aussi Le tramway en dix dates", "Read more: …": a link to elsewhere, not the article
LINK_LINE = re.compile(
    r"""
    ^\W* (?: (?:à|a) \s lire (?: \s (?:aussi|également|ailleurs) )? | lire \s (?:aussi|également|la \s suite|plus)
           | voir \s (?:aussi|également) | read \s (?:more|also|next) | also \s read | see \s also
           | related (?: \s (?:articles?|stories|story|topics) )? | more \s on \s this \s story ) \b
    (?P<rest> .*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
ENDS_LIKE_PROSE = re.compile(r"[.!?…][»”\"’)\s]*$")
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?$")


def read_html(raw: bytes, *, origin: str) -> Found | NotRead:
    """The article of one page, its paragraphs parted by blank lines."""
    text = decode(raw, declared=_declared(raw))
    if isinstance(text, NotText):
        return text.at(origin)
    tree = _tree(text)
    if tree is None:
        return NotRead(origin=origin, reason="empty", message="the page has no element; save the page again")
    try:
        page = _extracted(tree)
    except RecursionError:
        return NotRead(origin=origin, reason="malformed", message="its elements are nested too deeply; give its text")
    return _found(tree, page, origin)


def _declared(raw: bytes) -> str | None:
    """The encoding that a page claims for itself."""
    match = DECLARED.search(raw, 0, DECLARED_WITHIN_BYTES)
    return None if match is None else (match["meta"] or match["xml"]).decode("ascii", "replace")


def _tree(text: str) -> Any:
    """The root of a page; None when there is nothing in it."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    # The text is decoded already: parsed as UTF-8 whatever the page says of itself
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return None


def _extracted(tree: Any) -> Any:
    """trafilatura's document; None when it finds no article in the page."""
    from trafilatura import bare_extraction

    hush("trafilatura", "htmldate", "courlan")
    return bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=False)


def _found(tree: Any, page: Any, origin: str) -> Found:
    lines = [] if page is None else [line.strip() for line in (page.text or "").split("\n")]
    lines = [line for line in lines if line and not is_link_line(line)]
    title = _title(tree, page, lines)
    body = lines[1:] if title and lines and lines[0] == title else lines
    body = _standfirst(tree, lines) + body
    return Found(
        id=None,
        origin=origin,
        text="\n\n".join(body),
        title=title,
        url=_known(page, "url"),
        outlet=_known(page, "sitename"),
        author=_known(page, "author"),
        published=sensible(_published(tree)) or sensible(_known(page, "date")),
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        language_is_hint=True,
    )


def is_link_line(line: str) -> bool:
    """Whether a line sends the reader elsewhere: "Lire aussi : …"; a sentence that begins so stays."""
    match = LINK_LINE.match(line)
    if match is None:
        return False
    rest = match["rest"].lstrip()
    return not rest or rest[0] in ":>»→|–—-" or not ENDS_LIKE_PROSE.search(rest)


def _title(tree: Any, page: Any, lines: list[str]) -> str | None:
    """The heading that the extracted text begins with, else the title that the page gives itself."""
    headings = [_words(heading) for heading in tree.iter("h1")]
    if lines and lines[0] in headings:
        return lines[0]
    return _known(page, "title")


def _standfirst(tree: Any, lines: list[str]) -> list[str]:
    """The standfirst when the extracted text lacks it: at most one paragraph, standing before all others."""
    have = [_squeezed(line) for line in lines]
    for element in tree.iter("p", "div", "h2", "h3", "span"):
        marked = STANDFIRST.search(element.get("class") or "") is not None
        words = _words(element) if marked or element.tag == "p" else ""
        if words and _squeezed(words) in have:
            return []  # a teaser of another article may follow, in the same dress
        if marked and len(words) in STANDFIRST_CHARS and ENDS_LIKE_PROSE.search(words) and not _is_aside(element):
            return [words]
    return []


def _is_aside(element: Any) -> bool:
    """Whether an element belongs to something else than the article: a menu, a box, a link."""
    return any(parent.tag in {"nav", "aside", "footer", "a", "li"} for parent in element.iterancestors())


def _published(tree: Any) -> str | None:
    """The time of publication as the page states it, when it does so in ISO 8601."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("itemprop") or meta.get("name")
        if name in {"article:published_time", "datePublished"}:
            value = (meta.get("content") or "").strip()
            return value if ISO_TIME.match(value) else None
    return None


def _known(page: Any, field: str) -> str | None:
    value = getattr(page, field, None)
    return value.strip() or None if isinstance(value, str) else None


def _words(element: Any) -> str:
    """The text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
