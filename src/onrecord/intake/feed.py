"""Feeds (RSS, Atom): the text of each entry, by `feedparser`, which makes something of most broken ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from .dates import sensible
from .extras import need
from .found import Found, NotRead
from .fragment import text_of_fragment

MAX_ENTRIES = 10_000


def read_feed(raw: bytes, *, origin: str) -> Iterator[Found | NotRead]:
    """The entries of a feed, each with its own text, or what it tells of the article at its link.

    Raises IntakeError where `feedparser` is missing.
    """
    feedparser = need("feedparser", "feeds", "feeds")
    try:
        # A stream, so that nothing in it is taken for an address or the name of a file
        feed = feedparser.parse(BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 - whatever a library makes of hostile bytes costs this feed alone
        yield NotRead(origin=origin, reason="malformed", message=f"the feed cannot be read ({error})")
        return
    for number, entry in enumerate(feed.entries[:MAX_ENTRIES], 1):
        yield _entry(entry, feed.feed, f"{origin}:{number}")
    if feed.bozo and not isinstance(feed.get("bozo_exception"), feedparser.CharacterEncodingOverride):
        why = str(feed.get("bozo_exception") or "it is no feed").strip()
        message = f"the feed is damaged ({why}); {len(feed.entries)} entries of it were read"
        yield NotRead(origin=origin, reason="malformed", message=message)
    elif not feed.entries:
        yield NotRead(origin=origin, reason="empty", message="the feed has no entry")


def _entry(entry: Any, feed: Any, origin: str) -> Found:
    contents = [part.get("value") for part in entry.get("content", ())]
    texts = [text_of_fragment(html or "") for html in (*contents, entry.get("summary"))]
    link = _word(entry.get("link"))
    return Found(
        id=link or _word(entry.get("id")),
        origin=origin,
        text=max(texts, key=len),
        title=text_of_fragment(entry.get("title") or "").replace("\n", " ") or None,
        url=link if link and link.startswith(("http://", "https://")) else None,
        outlet=_word(feed.get("title")),
        author=_word(entry.get("author")),
        # as of a dict: feedparser's own way to ask takes one date for the other, and warns
        published=_date(dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")),
        language=_word(feed.get("language")),
        language_is_hint=True,
    )


def _date(parsed: Any) -> str | None:
    """A date of feedparser's, which is in UTC; None where it is no date."""
    try:
        return sensible(f"{datetime(*parsed[:6]).isoformat()}Z") if parsed else None
    except (TypeError, ValueError):
        return None


def _word(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
