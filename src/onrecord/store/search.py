"""Statements by their words, their speaker and everything else that is known of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

import msgspec

from ..errors import QueryError
from ..people.names import keys_of, words_of
from ..types import Act, Kind, StatementType
from .codec import ARTICLE_BITS, DAY_BITS, id_of
from .copies import is_original, original_of
from .dates import first_day, last_day
from .judgements import judgement_of
from .query import to_fts

Order = Literal["newest", "oldest", "relevance"]
CONTEXT = 120  # characters of the article before and after a statement
DAY = DAY_BITS + ARTICLE_BITS
MOST_SPEAKERS = 200  # of one name in different spellings and types


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of statements beside their words. None does not ask."""

    speaker: str | None = None  # a name or surname, in any spelling
    outlet: str | None = None
    language: str | None = None
    act: Act | None = None
    kind: Kind | None = None
    type: StatementType | None = None
    negated: bool | None = None
    after: str | None = None  # date, month or year of publication, that day included
    before: str | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with where it stands."""

    key: int  # place in the store; for `after_key`
    id: str
    article: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    language: str
    speaker: str | None
    unknown: str | None  # why the speaker is not known
    office: str | None
    act: Act
    negated: bool
    type: StatementType
    kind: Kind
    words: str
    before: str  # what the article has before the words, up to 120 characters
    after: str
    confidence: float
    notices: tuple[str, ...] = ()  # "correction", "retraction"
    copies: int = 0  # how many more articles carried it, as far as `Store.link_copies` has told
    first_article: str | None = None  # who carried it first, where that is another article
    first_outlet: str | None = None
    verdict: str | None = None  # "confirmed", "speaker", "corrected" …: what somebody decided of it
    judged_speaker: str | None = None  # who it is by that judgement
    judged_by: str | None = None  # who decided


def search(  # noqa: PLR0913 - what to ask and how to be answered
    connection: sqlite3.Connection,
    query: str | None,
    filters: Filters,
    *,
    order: Order = "newest",
    limit: int | None = None,
    after_key: int | None = None,
    fold: bool = True,
) -> Iterator[Hit]:
    """Statements of readings that count. By date, the newest or oldest first, or by relevance (BM25).

    Folded, a statement that several articles carried comes once, by the first of them that the order meets. `after_key`
    goes on after a hit of an earlier call with the same question, by date alone; what was folded there may come again
    by another carrier. Raises QueryError.
    """
    found = keys(connection, query, filters, order=order, after_key=after_key, limit=None if fold else limit)
    for key in islice(_folded(connection, found) if fold else found, limit):
        yield hit_of(connection, key)


def _folded(connection: sqlite3.Connection, found: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for key in found:
        original = original_of(connection, key)
        if original not in seen:
            if original != key or is_original(connection, key):
                seen.add(original)
            yield key


def keys(  # noqa: PLR0913 - as `search`
    connection: sqlite3.Connection,
    query: str | None,
    filters: Filters,
    *,
    order: Order = "newest",
    limit: int | None = None,
    after_key: int | None = None,
) -> Iterator[int]:
    """Keys of the statements that `search` finds."""
    if order == "relevance" and (query is None or after_key is not None):
        raise QueryError("relevance needs words, and has no next page", remedy="order by date")
    expression = _expression(connection, query, filters)
    first, last = days_of(filters)
    if after_key is not None:
        first, last = (first, min(last, after_key - 1)) if order == "newest" else (max(first, after_key + 1), last)
    ordered = {"newest": "rowid DESC", "oldest": "rowid", "relevance": "rank"}[order]
    most = -1 if limit is None else limit
    if expression == "":
        rows = _without_words(connection, first, last, ordered, most)
    elif expression is None:
        return
    else:
        rows = connection.execute(
            "SELECT rowid FROM statement_search WHERE statement_search MATCH ? AND rowid BETWEEN ? AND ?"
            f" ORDER BY {ordered} LIMIT ?",
            (expression, first, last, most),
        )
    for (key,) in rows:
        yield key


def _without_words(
    connection: sqlite3.Connection, first: int, last: int, ordered: str, most: int
) -> Iterator[tuple[int]]:
    """Every statement that counts, by date."""
    by_key = ordered.replace("rowid", "s.key")
    return connection.execute(
        "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
        f" WHERE s.key BETWEEN ? AND ? AND r.superseded_by IS NULL ORDER BY {by_key} LIMIT ?",
        (first, last, most),
    )


def _expression(connection: sqlite3.Connection, query: str | None, filters: Filters) -> str | None:
    """The question to the index; empty where everything is asked for, None where nothing can answer."""
    parts = [] if query is None else [to_fts(query, column="words")]
    for letter, value in (
        ("a", filters.act), ("t", filters.type), ("k", filters.kind), ("l", filters.language),
        ("n", None if filters.negated is None else int(filters.negated)),
    ):  # fmt: skip
        if value is not None:
            parts.append('facets : "{}{}"'.format(letter, str(value).replace('"', " ")))
    if filters.outlet is not None:
        outlets = outlets_named(connection, filters.outlet)
        if not outlets:
            return None
        parts.append("facets : ({})".format(" OR ".join(f'"o{key}"' for key in outlets)))
    if filters.speaker is not None:
        speakers = with_other_names(connection, speakers_named(connection, filters.speaker))
        if not speakers:
            return None
        parts.append("facets : ({})".format(" OR ".join(f'"s{key}"' for key in speakers)))
    return " AND ".join(parts)


def outlets_named(connection: sqlite3.Connection, name: str) -> list[int]:
    """Keys of the outlets of a name, whatever its accents and case."""
    wanted = words_of(name)
    return [key for key, known in connection.execute("SELECT key, name FROM outlet") if words_of(known) == wanted]


def speakers_named(connection: sqlite3.Connection, name: str) -> list[int]:
    """Keys of the speakers of a name in any spelling; a single word is a surname as well."""
    folded = words_of(name)
    if not folded:
        return []
    whole = _spelt(connection, name, "name")
    if len(folded) == 1:
        return sorted({*whole, *_spelt(connection, name, "surname")})[:MOST_SPEAKERS]
    return sorted(whole)[:MOST_SPEAKERS]


def with_other_names(connection: sqlite3.Connection, speakers: list[int]) -> list[int]:
    """The names, and all others of the persons that they stand for, as far as `Store.join_persons` has told."""
    marks = ", ".join("?" * len(speakers))
    rows = connection.execute(
        f"SELECT speaker FROM person_name WHERE person IN (SELECT person FROM person_name WHERE speaker IN ({marks}))",
        speakers,
    )
    return sorted({*speakers, *(key for (key,) in rows)})


def _spelt(connection: sqlite3.Connection, name: str, part: str) -> set[int]:
    found = sorted(keys_of(name))
    marks = ", ".join("?" * len(found))
    rows = connection.execute(f"SELECT speaker FROM spelling WHERE part = ? AND key IN ({marks})", (part, *found))
    return {key for (key,) in rows}


def days_of(filters: Filters) -> tuple[int, int]:
    """First and last key of the statements in the days that are asked for; undated ones only where none are."""
    first, last = 0, 1 << 62
    for name in ("after", "before"):
        value = getattr(filters, name)
        if value is None:
            continue
        try:
            if name == "after":
                first = first_day(value) << DAY
            else:
                first = max(first, 1 << DAY)
                last = (last_day(value) + 1 << DAY) - 1
        except ValueError as error:
            raise QueryError(f"no date: {value}", remedy="write 2022-12-01, 2022-12 or 2022") from error
    return first, last


def hit_of(connection: sqlite3.Connection, key: int) -> Hit:
    """A statement by its key. Raises LookupError where there is none."""
    row = connection.execute(HIT, (key,)).fetchone()
    if row is None:
        raise LookupError(key)
    text, content, office, number, twin, *told, notices = row
    original, copies, first = _carried(connection, key)
    judged = judgement_of(connection, key)
    spans = [int(number) for number in content.split(",")]
    at, end = spans[0], spans[-1]
    words = " … ".join(text[a:b] for a, b in zip(spans[::2], spans[1::2], strict=True))
    office_at = [int(number) for number in office.split(",")] if office else [0, 0]
    names = ("article", "title", "outlet", "published", "url", "language", "speaker", "unknown")
    found = dict(zip(names, told, strict=False))
    act, negated, type, kind, confidence = told[len(names) :]
    return Hit(
        key=key, id=id_of(number, twin), **found, office=text[slice(*office_at)] or None, act=act,
        negated=bool(negated), type=type, kind=kind, words=words, before=text[max(0, at - CONTEXT) : at],
        after=text[end : end + CONTEXT], confidence=confidence / 100,
        notices=tuple(notices.split(",")) if notices else (), copies=copies,
        first_article=first[0] if original != key else None, first_outlet=first[1] if original != key else None,
        verdict=None if judged is None else judged.verdict, judged_speaker=None if judged is None else judged.speaker,
        judged_by=None if judged is None else judged.who,
    )  # fmt: skip


def _carried(connection: sqlite3.Connection, key: int) -> tuple[int, int, tuple[str | None, str | None]]:
    """Key of the first carrier's statement, how many more carried it, and article and outlet of the first."""
    original = original_of(connection, key)
    (copies,) = connection.execute("SELECT count(*) FROM copy WHERE original = ?", (original,)).fetchone()
    if original == key:
        return original, copies, (None, None)
    first = connection.execute(
        "SELECT a.id, o.name FROM reading AS r JOIN article AS a ON a.key = r.article"
        " LEFT JOIN outlet AS o ON o.key = r.outlet WHERE r.key = ?",
        (original >> ARTICLE_BITS,),
    ).fetchone()
    return original, copies, first


HIT = (
    "SELECT t.text, s.content, p.office, s.id, s.twin, a.id, r.title, o.name, r.published, r.url, r.language,"
    " ifnull(p.name, g.name), s.unknown, s.act, s.negated, s.type, s.kind, s.confidence,"
    " (SELECT group_concat(n.kind) FROM notice AS n WHERE n.article = a.key)"
    " FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14 JOIN article AS a ON a.key = r.article"
    " JOIN text AS t ON t.key = r.text LEFT JOIN outlet AS o ON o.key = r.outlet"
    " LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance"
    " LEFT JOIN speaker AS g ON g.key = p.speaker WHERE s.key = ?"
)
