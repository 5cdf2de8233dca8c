"""Who is one person under several names, over a whole store: "Dmitri Peskov" and "Dmitry Peskov", and "Peskov".

By `people.identity.join`, for names instead of appearances: a name counts once, with the office and gender that its
articles give it most often. Two names that stand for two people in one article are two, whatever else speaks for it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from ..errors import StoreError
from ..people.identity import Appearance, Judgement, Merge, join
from . import tally
from .database import now, transaction
from .search import speakers_named


class JoinedPersons(msgspec.Struct, frozen=True):
    """How many persons were found, of how many names."""

    names: int
    persons: int
    several: int  # persons with more than one name


def join_persons(connection: sqlite3.Connection) -> JoinedPersons:
    """Finds anew who is one person, and writes it down; what somebody decided before goes before all rules."""
    rows = connection.execute(
        "SELECT key, name, folded, (SELECT count(*) FROM appearance WHERE speaker = key) FROM speaker"
        " WHERE type = 'person' ORDER BY folded"
    ).fetchall()
    keys = [key for key, *_ in rows]
    names = {key: (len(folded.split()) > 1, often, name) for key, name, folded, often in rows}
    place = {key: (str(key), folded) for key, _, folded, _ in rows}
    joined = join(_appearances(connection, place), [*_apart(connection, place), *_judged(connection, place)])
    with transaction(connection):
        connection.execute("DELETE FROM person_name")
        connection.execute("DELETE FROM person")
        for number, one in enumerate(joined, 1):
            members = [keys[n] for n in one.members]
            # A whole name, and of those the one in most articles: the longest has often caught a word too many
            connection.execute("INSERT INTO person VALUES (?, ?)", (number, max(names[key] for key in members)[2]))
            why = _why(one.merges, keys, members[0])
            connection.executemany(
                "INSERT INTO person_name VALUES (?, ?, ?, ?)",
                [(key, number, *why.get(key, (None, None))) for key in members],
            )
        tally.rebuild(connection)
    return JoinedPersons(len(keys), len(joined), sum(len(one.members) > 1 for one in joined))


def judge(connection: sqlite3.Connection, names: tuple[str, str], *, same: bool, who: str, why: str) -> None:
    """Keeps what somebody decided of two names. Raises StoreError where one of them is no single name of a person."""
    one, other = sorted(_only(connection, name) for name in names)
    if one == other:
        raise StoreError("these are one name", which=names[0], remedy="give two names")
    with transaction(connection):
        connection.execute(
            "INSERT INTO person_judgement (a, b, same, who, why, judged_at) VALUES (?, ?, ?, ?, ?, ?)",
            (one, other, int(same), who, why, now()),
        )


def _only(connection: sqlite3.Connection, name: str) -> int:
    exact = connection.execute("SELECT key FROM speaker WHERE type = 'person' AND name = ?", (name,)).fetchall()
    found = [key for (key,) in exact] or speakers_named(connection, name)
    if len(found) != 1:
        what = "nobody of this name" if not found else f"{len(found)} names are written so"
        raise StoreError(what, which=name, remedy="write it as `onrecord speakers` does")
    return int(found[0])


Place = dict[int, tuple[str, str]]  # by key of a name, what stands for article and name of an appearance


def _appearances(connection: sqlite3.Connection, place: Place) -> list[Appearance]:
    told: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for speaker, text, office, gender, language, listed in connection.execute(
        "SELECT p.speaker, t.text, p.office, p.gender, r.language, json_extract(p.more, '$.identity.id')"
        " FROM appearance AS p JOIN reading AS r ON r.key = p.reading AND r.superseded_by IS NULL"
        " JOIN text AS t ON t.key = r.text JOIN speaker AS g ON g.key = p.speaker AND g.type = 'person'"
    ):
        words = text[slice(*map(int, office.split(",")))] if office else None
        for name, value in (("office", words), ("gender", gender), ("language", language), ("listed", listed)):
            if value:
                told[speaker][name][value] += 1
    return [
        Appearance(
            article=article, name=name, language=_most(told[key]["language"]) or "",
            office=_most(told[key]["office"]), gender=_one(told[key]["gender"]), listed=_most(told[key]["listed"]),
        )
        for key, (article, name) in place.items()
    ]  # fmt: skip


def _most(counts: Counter[str]) -> str | None:
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def _one(counts: Counter[str]) -> Any:
    """A gender that no article contradicts."""
    return next(iter(counts)) if len(counts) == 1 else None


def _apart(connection: sqlite3.Connection, place: Place) -> Iterator[Judgement]:
    """Names that one article has for two people."""
    rows = connection.execute(
        "SELECT DISTINCT min(a.speaker, b.speaker), max(a.speaker, b.speaker) FROM appearance AS a"
        " JOIN appearance AS b ON b.reading = a.reading AND b.number > a.number AND b.speaker <> a.speaker"
        " JOIN reading AS r ON r.key = a.reading AND r.superseded_by IS NULL"
    )
    for one, other in rows:
        if one in place and other in place:
            yield Judgement(a=place[one], b=place[other], same=False, who="one article names both", when="")


def _judged(connection: sqlite3.Connection, place: Place) -> Iterator[Judgement]:
    rows = connection.execute("SELECT a, b, same, who, judged_at, why FROM person_judgement ORDER BY key")
    for one, other, same, who, when, why in rows:
        if one in place and other in place:
            yield Judgement(a=place[one], b=place[other], same=bool(same), who=who, when=when, why=why)


def _why(merges: tuple[Merge, ...], keys: list[int], first: int) -> dict[int, tuple[str, str]]:
    """What put each name together with another, the first name apart."""
    found: dict[int, tuple[str, str]] = {}
    for merge in merges:
        for n in (merge.b, merge.a):
            if keys[n] != first and keys[n] not in found:
                found[keys[n]] = (merge.rule, merge.evidence)
                break
    return found
