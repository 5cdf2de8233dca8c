"""One speaker at a glance: acts by month, where quoted, and whom the statements speak about.

Of the newest statements, as many as a page can wait for. A copy counts once, with its first carrier; what somebody
judged to be no statement, or to be said by another, does not count.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from ..people.names import words_of
from ..types import Span
from .codec import ARTICLE_BITS, details_of, spans_of
from .copies import original_of
from .dates import month_of_day
from .facets import AT_ONCE, name_of
from .judgements import judgement_of
from .search import DAY, Filters, keys, speakers_named, with_other_names

MOST = 2_000  # statements looked at
READ = 200  # of these, the newest in which names are looked for: their texts are read
NAMED = 12  # shown of those spoken about
NAME = re.compile(
    r"""
    [A-ZÀ-ÖØ-Þ] [\w’'-]*                                             # "Claire"
    (?: \s (?: (?:de|du|des|la|le|von|van|der|al|el) \s ){0,2}
        [A-ZÀ-ÖØ-Þ] [\w’'-]* ){1,3}                                  # "Claire de la Tour"
    """,
    re.VERBOSE,
)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What the newest statements of a speaker have in common."""

    counted: int
    whole: bool  # whether these are all
    months: tuple[tuple[str, dict[str, int]], ...]  # month, and how many of each act
    acts: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    about: tuple[tuple[str, int], ...]  # other speakers of the store, by how many statements name them


class _Row(msgspec.Struct, frozen=True):
    key: int
    act: str
    content: str
    outlet: str | None


def profile(connection: sqlite3.Connection, name: str) -> Profile:
    """The profile of a name in any spelling; empty where nobody goes by it."""
    found = list(keys(connection, None, Filters(speaker=name), limit=MOST + 1))
    rows = list(_counted(connection, found[:MOST], name))
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if month := month_of_day(row.key >> DAY):
            months[month][row.act] += 1
    return Profile(
        counted=len(rows), whole=len(found) <= MOST,
        months=tuple((month, dict(months[month])) for month in sorted(months)),
        acts=tuple(Counter(row.act for row in rows).most_common()),
        outlets=tuple(Counter(row.outlet for row in rows if row.outlet).most_common(NAMED)),
        about=tuple(_about(connection, rows[:READ], name)),
    )  # fmt: skip


def known_as(connection: sqlite3.Connection, name: str) -> list[tuple[str, str | None]]:
    """The names that somebody goes by, each with what puts it with the others; see persons.py."""
    own = with_other_names(connection, speakers_named(connection, name))
    rows = connection.execute(
        "SELECT DISTINCT p.name, n.evidence FROM appearance AS p JOIN speaker AS g ON g.key = p.speaker"
        f" LEFT JOIN person_name AS n ON n.speaker = g.key WHERE g.key IN ({', '.join('?' * len(own))})"
        " AND p.name IS NOT NULL UNION SELECT g.name, n.evidence FROM speaker AS g"
        f" LEFT JOIN person_name AS n ON n.speaker = g.key WHERE g.key IN ({', '.join('?' * len(own))}) ORDER BY 1",
        (*own, *own),
    )
    return [(str(name), evidence) for name, evidence in rows]


def is_left_out(connection: sqlite3.Connection, key: int, name: str) -> bool:
    """Whether somebody judged that a statement is none, or that another than this speaker said it."""
    judged = judgement_of(connection, key)
    if judged is None or judged.verdict not in ("speaker", "rejected"):
        return False
    own = with_other_names(connection, speakers_named(connection, name))
    known = not set(own).isdisjoint(speakers_named(connection, judged.speaker or ""))
    return judged.verdict == "rejected" or not (known or words_of(judged.speaker or "") == words_of(name))


def _counted(connection: sqlite3.Connection, found: Sequence[int], name: str) -> Iterator[_Row]:
    """Rows of the statements, newest first, without copies and without what was judged not to be one of theirs."""
    seen: set[int] = set()
    judged = {reading for (reading,) in connection.execute(JUDGED)}
    for row in _rows(connection, found):
        original = original_of(connection, row.key)
        if original in seen or (row.key >> ARTICLE_BITS in judged and is_left_out(connection, row.key, name)):
            continue
        seen.add(original)
        yield row


def _rows(connection: sqlite3.Connection, found: Sequence[int]) -> Iterator[_Row]:
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        yield from (_Row(*row) for row in connection.execute(ROWS % ", ".join("?" * len(some)), some))


def _about(connection: sqlite3.Connection, rows: Sequence[_Row], name: str) -> list[tuple[str, int]]:
    """Other speakers that the statements name, by a mention that the reader resolved or by their whole name."""
    own = set(with_other_names(connection, speakers_named(connection, name)))
    known: dict[str, int | None] = {}
    numbers: Counter[int] = Counter()
    articles: dict[int, tuple[str, list[tuple[int, int, int]]]] = {}
    for row in rows:
        reading = row.key >> ARTICLE_BITS
        if reading not in articles:
            articles[reading] = _mentions(connection, reading)
        text, mentions = articles[reading]
        numbers.update(_named(connection, text, mentions, spans_of(row.content), known) - own)
    return [(name_of(connection, "speaker", speaker), number) for speaker, number in numbers.most_common(NAMED)]


def _named(
    connection: sqlite3.Connection, text: str, mentions: Sequence[tuple[int, int, int]], content: Sequence[Span],
    known: dict[str, int | None],
) -> set[int]:  # fmt: skip
    """Keys of the speakers that one statement names."""
    found = {who for start, end, who in mentions if any(s.start <= start and end <= s.end for s in content)}
    for span in content:
        for match in NAME.finditer(text, span.start, span.end):
            if match.group() not in known:
                named = [key for key in speakers_named(connection, match.group()) if _is_somebody(connection, key)]
                known[match.group()] = named[0] if len(named) == 1 else None
            if (who := known[match.group()]) is not None:
                found.add(who)
    return found


def _mentions(connection: sqlite3.Connection, reading: int) -> tuple[str, list[tuple[int, int, int]]]:
    """The text of a reading, and the mentions of those it quotes: start, end, key of the speaker."""
    text, packed = connection.execute(
        "SELECT t.text, r.details FROM reading AS r JOIN text AS t ON t.key = r.text WHERE r.key = ?", (reading,)
    ).fetchone()
    speakers = connection.execute(
        "SELECT p.speaker, g.type FROM appearance AS p JOIN speaker AS g ON g.key = p.speaker"
        " WHERE p.reading = ? ORDER BY p.number",
        (reading,),
    )
    return text, [
        (start, end, speaker)
        for (speaker, type), chain in zip(speakers, details_of(packed).mentions, strict=True)
        if type in SOMEBODY
        for start, end in zip(chain[::2], chain[1::2], strict=True)
    ]


def _is_somebody(connection: sqlite3.Connection, speaker: int) -> bool:
    (type,) = connection.execute("SELECT type FROM speaker WHERE key = ?", (speaker,)).fetchone()
    return type in SOMEBODY


SOMEBODY = ("person", "organisation", "country")
JUDGED = "SELECT r.key FROM judgement AS j JOIN reading AS r ON r.article = j.article WHERE j.undone_at IS NULL"
ROWS = (
    "SELECT s.key, s.act, s.content, o.name FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14"
    " LEFT JOIN outlet AS o ON o.key = r.outlet WHERE s.key IN (%s) ORDER BY s.key DESC"
)
