"""What there is to do: the objects of an archive, parted into shards, without those that are finished.

One listing of the inputs and one of OUT tell it; of what is finished nothing is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec

from ..errors import ArchiveError
from .naming import FRAGMENT, Name, maker_of, name_of, parsed
from .places import Out, Stored, Unreachable, files_of, reaching, stored
from .report import ArchiveSettings
from .shard import metadata_of

PACKED = frozenset((".gz", ".bz2", ".xz"))
KINDS = frozenset((".warc", ".parquet", ".jsonl", ".ndjson", ".json", ".csv", ".tsv"))
RANGE_BYTES = 64 << 20  # of a Parquet file, as it is stored; some ten minutes of one core
PATTERN = re.compile(r"[*?\[]")
HIDDEN = (".", "_")  # begins the names of what is not meant: "_SUCCESS", "._x", ".parts"


class Shard(msgspec.Struct, frozen=True):
    """One unit of work."""

    uri: str
    name: str  # of its output
    object: str  # first part of the name: shards of one object have it in common
    bytes: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done, and what is there."""

    todo: tuple[Shard, ...]  # the largest first, so that none is left to run alone at the end
    done: tuple[str, ...]  # names of finished shards of these inputs
    objects: int
    bytes: int  # of all objects
    passed_over: int  # files in folders that are of no kind that holds articles
    earlier: dict[str, tuple[str, ...]]  # by object: outputs of another state of it, or by another reader
    foreign: int  # outputs in OUT by another reader or other settings, of whatever input
    maker: str


def plan(uris: Sequence[str], out: Out, settings: ArchiveSettings) -> Plan:
    """What there is to do. Raises ArchiveError where an input cannot be listed or there is none."""
    maker = maker_of(settings)
    objects, passed_over = _objects(uris, out)
    try:
        names = [name for name in map(parsed, out.names("reports", ".json")) if name is not None]
    except Unreachable as error:
        raise ArchiveError("the output cannot be listed", which=str(error), remedy="check --out") from error
    there: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        there[name.object].append(name)
    todo: list[Shard] = []
    done: list[str] = []
    earlier: dict[str, tuple[str, ...]] = {}
    for object in objects:
        whole = name_of(object, maker)
        now = [name for name in there[whole.object] if (name.input, name.maker) == (whole.input, maker)]
        finished = {str(name) for name in now}
        if not _is_finished(now):
            todo += [shard for shard in _shards(object, maker) if shard.name not in finished]
        done += finished
        if gone := [str(name) for name in there[whole.object] if str(name) not in finished]:
            earlier[whole.object] = tuple(gone)
    return Plan(
        todo=tuple(sorted(todo, key=lambda shard: (-shard.bytes, shard.uri))), done=tuple(sorted(done)),
        objects=len(objects), bytes=sum(object.bytes for object in objects), passed_over=passed_over, earlier=earlier,
        foreign=sum(name.maker != maker for name in names), maker=maker,
    )  # fmt: skip


def _is_finished(names: list[Name]) -> bool:
    """Whether outputs, of one object as it is now, are all that it needs."""
    if any(name.of is None for name in names):
        return True
    groups = {n for name in names for n in range(name.first or 0, (name.last or 0) + 1)}
    return bool(names) and len(groups) == names[0].of


def _shards(object: Stored, maker: str) -> Iterator[Shard]:
    """The object, or its row groups in ranges where it is a large Parquet file."""
    ranges, of = _ranges(object)
    if len(ranges) < 2:
        name = name_of(object, maker)
        yield Shard(object.uri, str(name), name.object, object.bytes)
        return
    for groups, size in ranges:
        name = name_of(object, maker, groups, of)
        yield Shard(f"{object.uri}{FRAGMENT}{groups.start}-{groups.stop - 1}", str(name), name.object, size)


def _ranges(object: Stored) -> tuple[list[tuple[range, int]], int]:
    """Ranges of row groups with their bytes, and how many groups there are; none where it is not to be parted."""
    if object.bytes <= RANGE_BYTES or not object.uri.endswith(".parquet"):
        return [], 0
    try:
        metadata = metadata_of(object)
    except (ArchiveError, Unreachable):
        return [], 0  # told when it is read
    found: list[tuple[range, int]] = []
    first = size = 0
    for group in range(metadata.num_row_groups):
        told = metadata.row_group(group)
        size += sum(told.column(n).total_compressed_size for n in range(told.num_columns))
        if size >= RANGE_BYTES:
            found.append((range(first, group + 1), size))
            first, size = group + 1, 0
    if size:
        found.append((range(first, metadata.num_row_groups), size))
    return found, metadata.num_row_groups


# --- what there is ----------------------------------------------------------------------------------------------------


def _objects(uris: Sequence[str], out: Out) -> tuple[list[Stored], int]:
    """Every object once, by its address, and how many files were passed over."""
    found: dict[str, Stored] = {}
    passed_over = 0
    for uri in uris:
        listed = list(_listed(uri, out))
        meant = [object for object, is_meant in listed if is_meant]
        if not meant:
            raise ArchiveError("no archive in it", which=uri, remedy="give WARC, Parquet, JSON Lines or CSV files")
        found |= {object.uri: object for object in meant}
        passed_over += len(listed) - len(meant)
    return [found[uri] for uri in sorted(found)], passed_over


def _listed(uri: str, out: Out) -> Iterator[tuple[Stored, bool]]:
    """The objects that an address stands for, each with whether it is of a kind that is read."""
    if FRAGMENT in uri:
        raise ArchiveError("row groups are parted by the command itself", which=uri, remedy="give the whole file")
    try:
        files, path = files_of(uri)
        with reaching(uri):
            if files.exists(path) and not files.isdir(path):
                yield stored(files, path, files.info(path)), True
                return
            root, told = _below(files, path, uri)
    except Unreachable as error:
        raise ArchiveError("it cannot be listed", which=str(error), remedy="check the address") from error
    for place, info in sorted(told.items()):
        if info.get("type", "file") == "file" and not _is_hidden(place.removeprefix(root)):
            object = stored(files, place, info)
            if not object.uri.startswith(f"{out.uri}/"):
                yield object, is_archive(place)


def _below(files: Any, path: str, uri: str) -> tuple[str, dict[str, Any]]:
    """The files of a folder, or those that a pattern stands for, below the folder where it begins."""
    if files.isdir(path):
        return path, files.find(path, detail=True)
    pattern = PATTERN.search(path)
    if pattern is None:
        raise ArchiveError("no such file or folder", which=uri, remedy="check the spelling")
    found: dict[str, Any] = {}
    for place, info in files.glob(path, detail=True).items():
        found |= files.find(place, detail=True) if info.get("type") == "directory" else {place: info}
    return path[: pattern.start()].rpartition("/")[0], found


def _is_hidden(path: str) -> bool:
    return any(part.startswith(HIDDEN) for part in path.split("/") if part)


def is_archive(path: str) -> bool:
    """Whether the name of a file says that it holds articles."""
    name = PurePosixPath(path.lower())
    return (PurePosixPath(name.stem).suffix if name.suffix in PACKED else name.suffix) in KINDS


def bytes_of(shards: Iterable[Shard]) -> int:
    """Of some shards, as they are stored."""
    return sum(shard.bytes for shard in shards)
