"""What is one statement, reported several times: agency copy reprinted, whole, shortened or edited.

Two ways lead to a copy. Articles that share most of their runs of words (MinHash, Broder 1997, by `rensa`, then
counted) are one reprinted, and their statements are compared one by one. And a quotation long enough to be no accident
is a copy wherever it stands, when its words are the same but for light editing. Both look a week back only: what is
said again after that was said again. The first carrier is the one published first; ties go by the text's hash.
"""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any
from zlib import crc32

import msgspec

from ..people.names import keys_of, words_of
from .codec import ARTICLE_BITS, DAY_BITS, id_of
from .database import transaction

WORD = re.compile(r"\w+")
DAYS = 7  # between the first carrier and a copy
RUN = 5  # words in a run of an article
RUN_OF_STATEMENT = 4
SKETCH = 3  # smallest hashes by which a statement is looked up
LONG = 8  # words from which on a quotation is no accident; paraphrase, whose words are the writer's, needs half more
SHORT = 3  # words from which on a statement of a reprint may be edited; shorter ones are the same or another
SHARED = 0.5  # of the shorter article's runs, from which on one is a reprint of the other
ALIKE = 0.8  # share of words in common and in order, from which on two wordings are one
PERMUTATIONS, ROWS = 63, 3  # 21 bands of 3: pairs that share a third of their runs meet in half of all cases
CROWD = 40  # statements with one hash that are compared; more is boilerplate


class Linked(msgspec.Struct, frozen=True):
    """How many copies were found."""

    articles: int
    statements: int
    changed: int  # of these, with other words than the first carrier's


class _Told(msgspec.Struct, frozen=True):
    """A statement as it is compared."""

    key: int
    words: tuple[str, ...]
    quoted: bool  # direct or mixed
    names: frozenset[str]  # spellings of the speaker's last word; empty where nobody is named


class _Article(msgspec.Struct, frozen=True):
    reading: int
    place: tuple[str, bytes, str]  # date, hash of the text, id: who was first
    runs: frozenset[int]
    statements: tuple[_Told, ...]

    @property
    def day(self) -> int:
        """Day of publication; 0 where it is not known."""
        return self.reading >> DAY_BITS


def link(connection: sqlite3.Connection) -> Linked:
    """Finds all copies anew and writes them down."""
    groups, reprints = _Groups(), _Groups()
    places: dict[int, tuple[str, bytes, str]] = {}
    words: dict[int, tuple[str, ...]] = {}
    shared: dict[frozenset[int], float] = {}
    for one, other, pairs, share in _pairs(_articles(connection)):
        places[one.reading], places[other.reading] = one.place, other.place
        if share >= SHARED:
            reprints.join(one.reading, other.reading)
            shared[frozenset((one.reading, other.reading))] = share
        for a, b in pairs:
            groups.join(a.key, b.key)
            words[a.key], words[b.key] = a.words, b.words
    statements = [
        (key, first, int(words[key] != words[first]))
        for key, first in _firsts(groups, lambda key: (places[key >> ARTICLE_BITS], key))
        if key >> ARTICLE_BITS != first >> ARTICLE_BITS
    ]
    articles = [
        (reading, first, shared.get(frozenset((reading, first)), SHARED))
        for reading, first in _firsts(reprints, lambda reading: places[reading])
    ]
    with transaction(connection):
        connection.execute("DELETE FROM copy")
        connection.execute("DELETE FROM article_copy")
        connection.executemany("INSERT INTO article_copy VALUES (?, ?, ?)", sorted(articles))
        connection.executemany("INSERT INTO copy VALUES (?, ?, ?)", sorted(statements))
    return Linked(len(articles), len(statements), sum(changed for _, _, changed in statements))


def _firsts(groups: _Groups, place: Callable[[int], Any]) -> Iterator[tuple[int, int]]:
    """Every member but the first of its group, with the first."""
    for members in groups.all():
        first = min(members, key=place)
        yield from ((member, first) for member in members if member != first)


class Carrier(msgspec.Struct, frozen=True):
    """Where a statement was reported, too."""

    statement: str
    article: str
    outlet: str | None
    published: str | None
    changed: bool  # other words than the first carrier's


def original_of(connection: sqlite3.Connection, statement: int) -> int:
    """Key of the statement that was there first; the statement itself where it is no copy."""
    found = connection.execute("SELECT original FROM copy WHERE statement = ?", (statement,)).fetchone()
    return int(found[0]) if found else statement


def is_original(connection: sqlite3.Connection, statement: int) -> bool:
    """Whether others carried it later."""
    return connection.execute("SELECT 1 FROM copy WHERE original = ?", (statement,)).fetchone() is not None


def carriers(connection: sqlite3.Connection, original: int) -> list[Carrier]:
    """All who reported a statement, the first one first."""
    rows = connection.execute(
        "SELECT s.id, s.twin, a.id, o.name, r.published, c.changed"
        " FROM (SELECT ?1 AS key, 0 AS changed UNION ALL SELECT statement, changed FROM copy WHERE original = ?1) AS c"
        " JOIN statement AS s ON s.key = c.key JOIN reading AS r ON r.key = s.key >> 14"
        " JOIN article AS a ON a.key = r.article LEFT JOIN outlet AS o ON o.key = r.outlet"
        " ORDER BY c.key <> ?1, r.published_utc, a.id",
        (original,),
    )
    return [
        Carrier(id_of(id, twin), article, outlet, published, bool(changed))
        for id, twin, article, outlet, published, changed in rows
    ]


# --- what is compared -------------------------------------------------------------------------------------------------


def _articles(connection: sqlite3.Connection) -> Iterator[_Article]:
    """Readings that count, by date of publication."""
    last = -1
    while page := connection.execute(
        "SELECT r.key, t.text, t.sha256, ifnull(r.published_utc, '9'), a.id FROM reading AS r"
        " JOIN text AS t ON t.key = r.text JOIN article AS a ON a.key = r.article"
        " WHERE r.key > ? AND r.superseded_by IS NULL ORDER BY r.key LIMIT 200",
        (last,),
    ).fetchall():
        for key, text, sha256, published, id in page:
            words = words_in(text)
            yield _Article(key, (published, sha256, id), frozenset(runs(words, RUN)), _statements(connection, key))
        last = page[-1][0]


def _statements(connection: sqlite3.Connection, reading: int) -> tuple[_Told, ...]:
    rows = connection.execute(
        "SELECT w.key, w.words, s.type, ifnull(p.name, g.name), g.type FROM statement_words AS w"
        " JOIN statement AS s ON s.key = w.key LEFT JOIN appearance AS p ON p.reading = ? AND p.number = s.appearance"
        " LEFT JOIN speaker AS g ON g.key = p.speaker WHERE w.key BETWEEN ? AND ?",
        (reading, reading << ARTICLE_BITS, (reading + 1 << ARTICLE_BITS) - 1),
    )
    return tuple(
        _Told(key, tuple(words_in(words)), type != "indirect", _names(name) if kind == "person" else frozenset())
        for key, words, type, name, kind in rows
    )


def _names(name: str) -> frozenset[str]:
    words = words_of(name)
    return keys_of(words[-1]) if words else frozenset()


def words_in(text: str) -> list[str]:
    """The words of a text in lower case, without what stands between them."""
    return WORD.findall(text.casefold())


def runs(words: Sequence[str], length: int) -> Iterator[int]:
    """Hashes of all runs of so many words; of the whole where it is shorter."""
    for at in range(max(1, len(words) - length + 1)):
        yield crc32(" ".join(words[at : at + length]).encode())


# --- which pairs are compared -----------------------------------------------------------------------------------------

Pair = tuple[_Told, _Told]


def _pairs(articles: Iterable[_Article]) -> Iterator[tuple[_Article, _Article, list[Pair], float]]:
    """Articles of one week that have something in common, with the statements that are one, and their shared runs."""
    window = _Window()
    for article in articles:
        window.forget_before(article.day)
        found: dict[int, list[Pair]] = {}
        for earlier in window.like(article):
            found[earlier.reading] = []
        for mine, theirs in window.quoted_before(article):
            found.setdefault(theirs.key >> ARTICLE_BITS, []).append((mine, theirs))
        for reading, pairs in found.items():
            earlier = window.article(reading)
            share = len(article.runs & earlier.runs) / max(1, min(len(article.runs), len(earlier.runs)))
            if share >= SHARED:
                pairs = list(_aligned(article.statements, earlier.statements))
            if pairs or share >= SHARED:
                yield article, earlier, pairs, share
        window.add(article)


class _Window:
    """The articles of the last days, by their sketches."""

    def __init__(self) -> None:
        self._articles: deque[_Article] = deque()
        self._by_reading: dict[int, _Article] = {}
        self._bands: dict[tuple[int, ...], list[int]] = {}
        self._hashes: dict[int, list[_Told]] = {}

    def article(self, reading: int) -> _Article:
        return self._by_reading[reading]

    def like(self, article: _Article) -> list[_Article]:
        """Those that share a band: likely to share many runs."""
        readings = {reading for band in _bands(article.runs) for reading in self._bands.get(band, ())}
        return [self._by_reading[reading] for reading in sorted(readings)]

    def quoted_before(self, article: _Article) -> Iterator[Pair]:
        """Statements that stand in an earlier article in the same words, long enough to be no accident."""
        for mine in article.statements:
            seen = set()
            for number in _sketch(mine):
                for theirs in self._hashes.get(number, ())[-CROWD:]:
                    if theirs.key not in seen and is_copy(mine, theirs):
                        yield mine, theirs
                    seen.add(theirs.key)

    def add(self, article: _Article) -> None:
        self._articles.append(article)
        self._by_reading[article.reading] = article
        for band in _bands(article.runs):
            self._bands.setdefault(band, []).append(article.reading)
        for statement in article.statements:
            for number in _sketch(statement):
                self._hashes.setdefault(number, []).append(statement)

    def forget_before(self, day: int) -> None:
        """Lets go of articles that are more than a week older."""
        while self._articles and day - self._articles[0].day > DAYS:
            gone = self._articles.popleft()
            del self._by_reading[gone.reading]
            for band in _bands(gone.runs):
                _drop(self._bands, band, gone.reading)
            for statement in gone.statements:
                for number in _sketch(statement):
                    _drop(self._hashes, number, statement)


def _drop(table: dict[Any, list[Any]], key: object, value: object) -> None:
    table[key].remove(value)
    if not table[key]:
        del table[key]


def _bands(runs: frozenset[int]) -> list[tuple[int, ...]]:
    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update([str(run) for run in runs])
    digest = sketch.digest()
    return [(at, *digest[at : at + ROWS]) for at in range(0, PERMUTATIONS, ROWS)]


def _sketch(statement: _Told) -> list[int]:
    """The smallest hashes of its runs; none where it is too short to be looked up by itself."""
    if len(statement.words) < LONG:
        return []
    return sorted(set(runs(statement.words, RUN_OF_STATEMENT)))[:SKETCH]


# --- whether two are one ----------------------------------------------------------------------------------------------


def is_copy(one: _Told, other: _Told) -> bool:
    """Whether two statements of articles that need not be alike are one."""
    least = LONG if one.quoted and other.quoted else LONG + LONG // 2
    if min(len(one.words), len(other.words)) < least or _contradict(one, other):
        return False
    return alike(one.words, other.words)


def _contradict(one: _Told, other: _Told) -> bool:
    """Whether both name somebody, and not the same person."""
    return bool(one.names and other.names and not one.names & other.names)


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two wordings are one but for light editing, or for what was cut off one of them."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    if 2 * common >= ALIKE * (len(one) + len(other)):
        return True
    longest = matcher.find_longest_match().size
    return longest >= LONG and longest >= 0.9 * min(len(one), len(other))


def _aligned(mine: Sequence[_Told], theirs: Sequence[_Told]) -> Iterator[Pair]:
    """Statements of a reprint with those of the article it reprints: each with the most alike, at most one."""
    left = {one.key: one for one in theirs}
    for statement in mine:
        fitting = [
            other
            for other in left.values()
            if not _contradict(statement, other)
            and (statement.words == other.words or min(len(statement.words), len(other.words)) >= SHORT)
            and alike(statement.words, other.words)
        ]
        if fitting:
            best = max(fitting, key=lambda other: (_ratio(statement.words, other.words), -other.key))
            del left[best.key]
            yield statement, best


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


class _Groups:
    """Union and find."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, member: int) -> int:
        """The smallest of its group."""
        self._parent.setdefault(member, member)
        path = []
        while self._parent[member] != member:
            path.append(member)
            member = self._parent[member]
        for passed in path:
            self._parent[passed] = member
        return member

    def join(self, one: int, other: int) -> None:
        """Makes one group of two."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def all(self) -> Iterator[list[int]]:
        """The members of each group, in order."""
        groups: dict[int, list[int]] = {}
        for member in sorted(self._parent):
            groups.setdefault(self.root(member), []).append(member)
        yield from groups.values()
