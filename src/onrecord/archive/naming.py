"""Names of outputs: the same for the same input, settings and code, so that what is there already is known by name.

1f0a6c2be94d-77d1e0f3a5b8-0c9be2d4417a-0-7-40
the object   as it is now  by whom      row groups 0 to 7 of 40, where it is a range
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version

import msgspec

from ..desk import Desk
from ..errors import ArchiveError
from ..settings import Settings
from ..types import MadeBy
from .places import Stored, short
from .report import ArchiveSettings

FORM = 1  # of the output: raised when its columns, its parts or the way that files are split change
FRAGMENT = "#row-groups="
RANGE = re.compile(r"(\d+)-(\d+)")


class Name(msgspec.Struct, frozen=True):
    """The parts of a name."""

    object: str  # stands for the address of the input
    input: str  # for the input as it is now
    maker: str  # for code, packs, weights and settings
    first: int | None = None  # row group, where it is a range
    last: int | None = None
    of: int | None = None

    def __str__(self) -> str:
        parts = (self.object, self.input, self.maker, self.first, self.last, self.of)
        return "-".join(str(part) for part in parts if part is not None)


def name_of(object: Stored, maker: str, groups: range | None = None, of: int | None = None) -> Name:
    """The name of the output of an object, or of some of its row groups."""
    name = Name(short(object.uri), short(object.tag), maker)
    if groups is None:
        return name
    return msgspec.structs.replace(name, first=groups.start, last=groups.stop - 1, of=of)


def parsed(name: str) -> Name | None:
    """The parts of a name; None where it is none of ours."""
    parts = name.split("-")
    if len(parts) not in {3, 6} or not all(part.isdecimal() for part in parts[3:]):
        return None
    return Name(parts[0], parts[1], parts[2], *map(int, parts[3:]))


def parted(uri: str) -> tuple[str, range | None]:
    """The address of an object and the row groups that a shard is of it. Raises ArchiveError for no range."""
    address, sign, told = uri.partition(FRAGMENT)
    if not sign:
        return uri, None
    match = RANGE.fullmatch(told)
    if match is None or int(match[1]) > int(match[2]):
        raise ArchiveError("no range of row groups", which=uri, remedy=f"write it as {FRAGMENT}0-7")
    return address, range(int(match[1]), int(match[2]) + 1)


@lru_cache(maxsize=1)
def desk_of(reading: Settings) -> Desk:
    """The desk of this process: packs and weights are loaded once, however many shards it reads."""
    return Desk(reading)


def made_by(settings: ArchiveSettings) -> list[MadeBy]:
    """What makes the records here, for each language. Raises PackError and ReaderError."""
    desk = desk_of(settings.reading)
    return [desk.made_by(language) for language in sorted(settings.reading.languages)]


def extractor() -> str:
    """Which library takes articles out of pages: another version finds another text."""
    return f"trafilatura {version('trafilatura')}"


def maker_of(settings: ArchiveSettings) -> str:
    """Twelve digits that stand for code, packs, weights and settings. Raises PackError and ReaderError."""
    reading = settings.reading
    told = (sorted(reading.languages), reading.max_article_chars, settings.language, settings.columns)
    return short(FORM, told, extractor(), msgspec.to_builtins(made_by(settings)))
