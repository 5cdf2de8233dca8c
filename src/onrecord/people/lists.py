"""A list of people, looked up: who of them a speaker is, by the name and what else the article tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..errors import FormatError
from ..types import Gender, Identity, digest
from .names import alike, keys_of, same_office, words_of
from .sources import Office

VERSION = 1  # of the schema
Row = tuple[str, str, str | None, str | None, Gender | None]  # id, name, country, Wikidata, gender

KEPT = 50_000  # names whose answer is remembered


class Told(msgspec.Struct, frozen=True):
    """What an article tells of a speaker."""

    name: str  # without title
    office: str | None
    gender: Gender | None
    date: str | None  # of the article, ISO 8601; None where it is not known


class PeopleList:
    """A list made by `build`. Opened for reading only. Not for use by several threads at once."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise FormatError("no such list of people", which=path, remedy="make it with `onrecord people import`")
        try:
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise FormatError(f"no list of people ({error})", which=path, remedy="make it anew") from error
        if version != VERSION:
            raise FormatError("no list of people of this version", which=path, remedy="make it anew")
        self.digest = digest(path.read_bytes())[:12]
        self._known: dict[Told, Identity | None] = {}

    def identify(self, told: Told) -> Identity | None:
        """The one person of the list that a speaker is; None where none fits, or several do.

        A whole name fits unless gender or office contradict; a surname alone fits with an office that agrees. Offices
        count within their dates where the article has one. Two of one name stay apart by their offices.
        """
        if told not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[told] = self._identify(told)
        return self._known[told]

    def find(self, name: str) -> list[tuple[Identity, list[Office]]]:
        """Everybody of a name, whole or surname, with all offices, by id."""
        people = {one[0]: one for part in ("name", "surname") for one in self._candidates(name, part)}
        return [
            (Identity(id=id, name=full, country=country, wikidata=wikidata), self._offices(id, None))
            for id, full, country, wikidata, _ in (people[key] for key in sorted(people))
        ]

    def _identify(self, told: Told) -> Identity | None:
        whole = len(words_of(told.name)) > 1
        candidates = self._candidates(told.name, "name" if whole else "surname")
        if whole and not candidates:
            candidates = [c for c in self._candidates(words_of(told.name)[-1], "surname") if alike(c[1], told.name)]
        fitting = []
        for person in candidates:
            id, name, country, wikidata, gender = person
            if gender and told.gender and gender != told.gender:
                continue
            held = self._offices(id, told.date)
            agreeing = [office for office in held if told.office and same_office(office.title, told.office)]
            contradicted = bool(told.office and self._offices(id, None) and not agreeing)
            if contradicted or not (whole or agreeing):
                continue
            title = next((office.title for office in (*agreeing, *held)), None)
            fitting.append(Identity(id=id, name=name, office=title, country=country, wikidata=wikidata))
        return fitting[0] if len(fitting) == 1 else None

    def _candidates(self, name: str, part: str) -> Sequence[Row]:
        keys = sorted(keys_of(name))
        marks = ", ".join("?" * len(keys))
        return self._connection.execute(
            "SELECT DISTINCT id, name, country, wikidata, gender FROM spelling JOIN person ON id = person"
            f" WHERE part = ? AND key IN ({marks}) ORDER BY id LIMIT 50",
            (part, *keys),
        ).fetchall()

    def _offices(self, person: str, date: str | None) -> list[Office]:
        """Offices held on a date, all of them where there is none; the one that began last first."""
        rows = self._connection.execute(
            "SELECT title, since, until FROM office WHERE person = ? ORDER BY since DESC, title", (person,)
        ).fetchall()
        day = date[:10] if date else None
        return [
            Office(title, since, until)
            for title, since, until in rows
            if day is None or ((since or "") <= day and day[: len(until or day)] <= (until or day))
        ]
