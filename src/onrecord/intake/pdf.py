"""Press releases as PDF, by `pypdf`: the text of the pages, its lines put together to paragraphs."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from .extras import hush, need
from .found import Found, NotRead

MAX_PAGES = 200
HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")  # "com-\nmune"; "Aix-\nen" stays wrong, and is rarer
ENDS = re.compile(r"[.!?…:»”\"]\s*$")


def read_pdf(raw: bytes, *, origin: str) -> Found | NotRead:
    """The one text of a document. Raises IntakeError where `pypdf` is missing."""
    pypdf = need("pypdf", "pdf", "PDF files")
    hush("pypdf")
    try:
        document = pypdf.PdfReader(BytesIO(raw))
        if document.is_encrypted and not document.decrypt(""):
            return NotRead(origin=origin, reason="unreadable", message="the PDF is locked; save it without a password")
        if len(document.pages) > MAX_PAGES:
            message = f"it has {len(document.pages)} pages; split it into articles"
            return NotRead(origin=origin, reason="too_long", message=message)
        pages = [page.extract_text() for page in document.pages]
        title, author = _told(document)
    except Exception as error:  # noqa: BLE001 - the library raises whatever a broken file leads it to
        return NotRead(origin=origin, reason="malformed", message=f"the PDF cannot be read ({error})")
    text = "\n\n".join(filter(None, map(paragraphs, pages)))
    if not text:
        return NotRead(origin=origin, reason="empty", message="the PDF holds no text: it is a scan; give its text")
    return Found(id=None, origin=origin, text=text.encode("utf-8", "replace").decode(), title=title, author=author)


def _told(document: Any) -> tuple[str | None, str | None]:
    known = document.metadata
    return (None, None) if known is None else (_word(known.title), _word(known.author))


def _word(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def paragraphs(page: str) -> str:
    """The lines of a page as paragraphs: a short line that ends a sentence ends a paragraph, too."""
    lines = [line.strip() for line in HYPHEN.sub("", page).splitlines()]
    longest = max(map(len, lines), default=0)
    found = [""]
    for line in lines:
        if not line:
            found.append("")
            continue
        found[-1] += (" " if found[-1] else "") + line
        if len(line) < 0.75 * longest and ENDS.search(line):
            found.append("")
    return "\n\n".join(filter(None, found))
