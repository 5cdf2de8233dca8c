"""Proof that a store is whole.

The file, every text against its hash, every span against its text, every reading against what made it, and the search
index and the counts against the statements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from ..errors import StoreError
from ..types import Draft, Span, digest, statement_id
from .codec import details_of, id_of, spans_of
from .tally import wrong

ROLES = ("content", "cue", "source", "addressee", "occasion", "said_when")


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong."""

    what: str  # the article or statement, by id
    why: str


class Verified(msgspec.Struct, frozen=True):
    """How much was looked at, and what was wrong."""

    articles: int
    statements: int
    problems: tuple[Problem, ...]


MOST_PROBLEMS = 1000  # named; a store with more is to be restored, not read about


def verify(connection: sqlite3.Connection) -> Verified:
    """Looks at everything; in one snapshot, so that others may write meanwhile. A million statements a minute."""
    problems = list(_index(connection))
    connection.execute("BEGIN")
    try:
        counts = [0, 0]
        for problem in _problems(connection, counts):
            problems.append(problem)
            if len(problems) >= MOST_PROBLEMS:
                break
        return Verified(counts[0], counts[1], tuple(problems))
    finally:
        connection.execute("COMMIT")


def _problems(connection: sqlite3.Connection, counts: list[int]) -> Iterator[Problem]:
    try:
        for (line,) in connection.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield Problem("file", line)
        for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            yield Problem(f"table {table}", f"a row refers to one that is not in {parent}")
        yield from _readings(connection, counts)
        yield from _indexed(connection)
        for table, number in wrong(connection):
            yield Problem(f"table {table}", f"{number} counts are wrong; `onrecord verify --mend` makes them anew")
        yield from _lonely(connection)
    except sqlite3.DatabaseError as error:
        yield Problem("file", f"it is damaged ({error}); restore a backup")


def _readings(connection: sqlite3.Connection, counts: list[int]) -> Iterator[Problem]:
    statements = connection.execute(
        "SELECT key >> 14, id, twin, content, cue, source, addressee, occasion, said_when, appearance, unknown, parent,"
        " key & 16383 FROM statement ORDER BY key"
    )
    waiting: Any = statements.fetchone()
    for key, article, sha256, text, details, speakers in connection.execute(
        "SELECT r.key, a.id, t.sha256, t.text, r.details,"
        " (SELECT count(*) FROM appearance AS p WHERE p.reading = r.key)"
        " FROM reading AS r JOIN article AS a ON a.key = r.article JOIN text AS t ON t.key = r.text ORDER BY r.key"
    ):
        own = []
        while waiting is not None and waiting[0] == key:
            own.append(waiting)
            waiting = statements.fetchone()
        counts[0] += 1
        counts[1] += len(own)
        if digest(text) != sha256.hex():
            yield Problem(article, "its text is not the one that was read: the hash differs")
        yield from _details(article, details, statements=len(own), speakers=speakers, chars=len(text))
        for row in own:
            yield from _statement(article, row, len(text), sha256.hex(), speakers, len(own))
    if waiting is not None:
        yield Problem(f"statement {id_of(*waiting[1:3])}", "it belongs to no reading")


def _details(article: str, packed: bytes, *, statements: int, speakers: int, chars: int) -> Iterator[Problem]:
    try:
        details = details_of(packed)
    except StoreError as error:
        yield Problem(article, error.message)
        return
    if len(details.reasons) != statements:
        yield Problem(article, f"{statements} statements, and reasons for {len(details.reasons)}")
    if len(details.mentions) != speakers:
        yield Problem(article, f"{speakers} speakers, and mentions of {len(details.mentions)}")
    pairs = ((m[n : n + 2]) for m in details.mentions for n in range(0, len(m), 2))
    if not all(len(pair) == 2 and 0 <= pair[0] < pair[1] <= chars for pair in pairs):
        yield Problem(article, "a mention lies outside the text")
    if any(end > chars for reasons in details.reasons for _, _, _, end in reasons):
        yield Problem(article, "a reason points outside the text")


def _statement(  # noqa: PLR0913 - a row, and what it has to fit
    article: str, row: tuple[Any, ...], chars: int, sha256: str, speakers: int, statements: int
) -> Iterator[Problem]:
    _, number, twin, *texts, appearance, unknown, parent, position = row
    id = id_of(number, twin)
    try:
        roles = [spans_of(text) for text in texts]
    except ValueError:
        yield Problem(f"statement {id}", f"of {article}: a span is no pair of numbers")
        return
    if not roles[0]:
        yield Problem(f"statement {id}", f"of {article}: it has no content")
    for role, spans in zip(ROLES, roles, strict=True):
        if not _fit(spans, chars):
            yield Problem(f"statement {id}", f"of {article}: its {role} lies outside the text")
    if statement_id(sha256, Draft(content=roles[0], cue=roles[1], source=roles[2])) != id.partition("-")[0]:
        yield Problem(f"statement {id}", f"of {article}: its id is not that of its text and spans")
    if (appearance is None) == (unknown is None):
        yield Problem(f"statement {id}", f"of {article}: it has neither speaker nor reason, or both")
    if appearance is not None and not 0 <= appearance < speakers:
        yield Problem(f"statement {id}", f"of {article}: its speaker is not in the reading")
    if parent is not None and (parent == position or not 0 <= parent < statements):
        yield Problem(f"statement {id}", f"of {article}: the statement it stands in is not in the reading")


def _fit(spans: tuple[Span, ...], chars: int) -> bool:
    return all(0 <= span.start < span.end <= chars for span in spans)


def _index(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The index against itself, before all else: FTS5 asks for the right to write, which a snapshot may have lost."""
    # 1: against what is indexed; FTS5 cannot where that is a view that unpacks JSON, so there the rows are compared
    for name, against in (("statement_search", 0), ("text_search", 1)):
        try:
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', {against})")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                yield Problem(name, "somebody is writing, so that the search index could not be proved; try again")
            elif "readonly" not in str(error):
                yield Problem(name, f"the search index is damaged ({error}); `onrecord verify --mend` makes it anew")


def _indexed(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The rows of the index against the statements that count."""
    counted = "SELECT s.key FROM statement AS s JOIN reading AS r ON r.key = s.key >> 14 WHERE r.superseded_by IS NULL"
    indexed = "SELECT id FROM statement_search_docsize"
    for one, other, why in (
        (counted, indexed, "are not in the index"),
        (indexed, counted, "in the index do not count"),
    ):
        (number,) = connection.execute(f"SELECT count(*) FROM ({one} EXCEPT {other})").fetchone()
        if number:
            yield Problem("statement_search", f"{number} statements {why}; `onrecord verify --mend` makes it anew")


def _lonely(connection: sqlite3.Connection) -> Iterator[Problem]:
    for id, number in connection.execute(
        "SELECT a.id, count(r.key) FROM article AS a LEFT JOIN reading AS r ON r.article = a.key"
        " AND r.superseded_by IS NULL GROUP BY a.key HAVING count(r.key) <> 1"
    ):
        yield Problem(id, "no reading of it counts" if number == 0 else f"{number} readings of it count")
