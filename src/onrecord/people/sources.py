"""People from files: CSV with a header, and FollowTheMoney entities as JSON Lines, as OpenSanctions publishes them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..errors import FormatError
from ..types import Gender

COLUMNS = ("name", "aliases", "office", "from", "to", "country", "wikidata", "gender")
GENDERS: dict[str, Gender | None] = {
    "f": "feminine", "female": "feminine", "feminine": "feminine", "femme": "feminine",
    "m": "masculine", "male": "masculine", "masculine": "masculine", "homme": "masculine", "": None, "-": None,
}  # fmt: skip
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
WIKIDATA = re.compile(r"Q\d+")


class Office(msgspec.Struct, frozen=True):
    """What somebody is or was; dates as ISO 8601 gives them, None where they are open."""

    title: str
    since: str | None = None
    until: str | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a source."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    country: str | None = None
    wikidata: str | None = None
    gender: Gender | None = None


class Bad(msgspec.Struct, frozen=True):
    """A line that was left out, and why."""

    file: str
    line: int
    why: str


def people_in(path: Path) -> Iterator[Person | Bad]:
    """The entries of a file. Raises FormatError where it is neither form."""
    if path.suffix.lower() in (".json", ".jsonl", ".ijson", ".ftm"):
        yield from _entities(path)
    elif path.suffix.lower() in (".csv", ".tsv"):
        yield from _rows(path)
    else:
        raise FormatError("neither CSV nor JSON Lines", which=path, remedy="name it .csv, or .jsonl for FollowTheMoney")


def _rows(path: Path) -> Iterator[Person | Bad]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        reader = csv.DictReader(stream, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        if "name" not in columns:
            raise FormatError("no column `name`", which=path, line=1, remedy=f"columns are {', '.join(COLUMNS)}")
        reader.fieldnames = columns
        for row in reader:
            found = _row({name: (row.get(name) or "").strip() for name in COLUMNS})
            yield Bad(str(path), reader.line_num, found) if isinstance(found, str) else found


def _row(row: dict[str, str]) -> Person | str:
    """The person of a row, or what is wrong with it."""
    if not row["name"]:
        return "no name"
    for column in ("from", "to"):
        if row[column] and not DATE.fullmatch(row[column]):
            return f"{column} is no date: {row[column]!r}; write 2021, 2021-05 or 2021-05-31"
    if row["wikidata"] and not WIKIDATA.fullmatch(row["wikidata"]):
        return f"wikidata is no identifier: {row['wikidata']!r}; write Q and a number"
    if row["gender"].lower() not in GENDERS:
        return f"gender {row['gender']!r}: write f, m or nothing"
    offices = (Office(row["office"], row["from"] or None, row["to"] or None),) if row["office"] else ()
    return Person(
        id=row["wikidata"] or row["name"],
        name=row["name"],
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        offices=offices,
        country=row["country"] or None,
        wikidata=row["wikidata"] or None,
        gender=GENDERS[row["gender"].lower()],
    )


def _entities(path: Path) -> Iterator[Person | Bad]:
    """Persons with the positions they occupy, which come as entities of their own (schemata Occupancy and Position)."""
    titles: dict[str, str] = {}
    held: dict[str, list[tuple[str, Office]]] = {}
    for _, found in _lines(path):
        if isinstance(found, Bad):
            continue
        properties = found["properties"]
        if found["schema"] == "Position":
            titles[found["id"]] = _first(properties, "name") or ""
        elif found["schema"] == "Occupancy":
            dates = Office("", _first(properties, "startDate"), _first(properties, "endDate"))
            for holder in properties.get("holder", ()):
                held.setdefault(holder, []).append((_first(properties, "post") or "", dates))
    for number, found in _lines(path):
        if isinstance(found, Bad):
            yield found
        elif found["schema"] == "Person":
            names = found["properties"].get("name", ())
            if names:
                yield _entity(found, held, titles)
            else:
                yield Bad(str(path), number, f"no name: {found['id']}")


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8", errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
                whole = isinstance(found["id"], str) and isinstance(found["schema"], str)
                whole = whole and isinstance(found["properties"], dict)
            except (ValueError, KeyError, TypeError):
                whole = False
            yield number, found if whole else Bad(str(path), number, "no entity with id, schema and properties")


def _entity(found: Any, held: dict[str, list[tuple[str, Office]]], titles: dict[str, str]) -> Person:
    properties = found["properties"]
    offices = [Office(title) for title in properties.get("position", ())]
    for post, dates in held.get(found["id"], ()):
        if titles.get(post):
            offices.append(msgspec.structs.replace(dates, title=titles[post]))
    names = [*properties["name"], *properties.get("alias", ())]
    wikidata = next((w for w in properties.get("wikidataId", ()) if WIKIDATA.fullmatch(w)), None)
    return Person(
        id=wikidata or found["id"],
        name=found.get("caption") or names[0],
        aliases=tuple(names),
        offices=tuple(offices),
        country=_first(properties, "citizenship") or _first(properties, "nationality") or _first(properties, "country"),
        wikidata=wikidata,
        gender=GENDERS.get((_first(properties, "gender") or "").lower()),
    )


def _first(properties: Any, name: str) -> str | None:
    values = properties.get(name) or ()
    return str(values[0]) if values else None
