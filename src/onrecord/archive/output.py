"""The output of a shard: rows in Parquet, parted by language and month, each file whole when it is there.

Records wait in one file without a name, so that a shard of any size takes little memory and a killed process leaves
nothing; then each part is written from it, one after the other.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from ..export import parquet
from ..intake.extras import need
from ..store.dates import published
from ..types import Article, Record, Refusal
from .places import Out, Unreachable, reaching, sync

ASIDE = ".parts"  # where files are written before they are moved, on the file system that they are moved in
UNDATED = "undated"
ROWS = 1_000  # articles in a row group
Part = tuple[str, str]  # language and month


def part_of(article: Article) -> Part:
    """Where the rows of an article go: its language, and the month of its publication in UTC."""
    utc = published(article.published).utc
    return article.language, UNDATED if utc is None else utc[:7]


def schemas() -> dict[str, Any]:
    """The Arrow schema of each table. The language is in the path alone: some readers take it in one place only."""
    pa = need("pyarrow", "archive", "archives")
    shard = ("shard", pa.string())
    found = {name: pa.schema([shard, *schema]) for name, schema in parquet.schemas().items()}
    articles = found["articles"]
    articles = articles.remove(articles.get_field_index("language"))
    found["articles"] = articles.insert(1, pa.field("number", pa.int64()))
    found["refusals"] = pa.schema([shard, *((name, pa.string()) for name in ("id", "reason", "message", "origin"))])
    return found


class Spool:
    """Records and refusals on their way, in a file that nobody else sees."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._places: dict[Part | None, list[tuple[int, int, int]]] = {None: []}  # of refusals under None
        self._end = 0
        self._number = 0

    def add(self, thing: Record | Refusal) -> None:
        """Keeps a record or a refusal. Raises OSError where the disk is full."""
        data = msgspec.msgpack.encode(thing)
        self._file.write(data)
        part = part_of(thing.article) if isinstance(thing, Record) else None
        self._number += 1
        self._places.setdefault(part, []).append((self._number, self._end, len(data)))
        self._end += len(data)

    def parts(self) -> list[Part]:
        """The parts that there are records of, in order."""
        return sorted(part for part in self._places if part is not None)

    def records(self, part: Part) -> Iterator[tuple[int, Record]]:
        """The records of a part, in the order of the input, each with its number in it from 1."""
        return ((number, msgspec.msgpack.decode(data, type=Record)) for number, data in self._of(part))

    def refusals(self) -> Iterator[Refusal]:
        """The refusals, in the order of the input."""
        return (msgspec.msgpack.decode(data, type=Refusal) for _, data in self._of(None))

    def _of(self, part: Part | None) -> Iterator[tuple[int, bytes]]:
        for number, place, length in self._places[part]:
            self._file.seek(place)
            yield number, self._file.read(length)

    def close(self) -> None:
        """Forgets everything."""
        self._file.close()


def files_of(name: str, parts: Sequence[str]) -> list[str]:
    """The files of a shard's output below OUT, its report apart."""
    return [f"{table}/{part}/{name}.parquet" for part in parts for table in parquet.TABLES] + [
        f"refusals/{name}.parquet"
    ]


def write(spool: Spool, out: Out, name: str) -> tuple[str, ...]:
    """Writes what was kept below `out`; the parts that there are rows of. Raises Unreachable."""
    parts = {f"language={language}/month={month}": (language, month) for language, month in spool.parts()}
    with Aside(out, name) as folder, reaching(out.uri):
        made = [file for part in parts.values() for file in _write_part(spool, part, folder, name)]
        made.append(_write_refusals(spool, folder, name))
        for file, place in zip(made, files_of(name, tuple(parts)), strict=True):
            out.put(file, place)
    return tuple(parts)


class Aside:
    """A folder for files that are not whole yet; gone at the end, with what killed processes left of this shard."""

    def __init__(self, out: Out, name: str) -> None:
        self._place = Path(out.at(ASIDE)) if out.is_local else Path(tempfile.gettempdir()) / "onrecord"
        self._name = name
        self._folder = self._place / f"{name}.{uuid4().hex}"

    def __enter__(self) -> Path:
        with reaching(str(self._place)):
            self._folder.mkdir(parents=True)
        return self._folder

    def __exit__(self, *_: object) -> None:
        for folder in self._place.glob(f"{self._name}.*"):
            shutil.rmtree(folder, ignore_errors=True)


def _write_part(spool: Spool, part: Part, folder: Path, name: str) -> list[Path]:
    language, month = part
    files = {table: folder / f"{table}-{language}-{month}.parquet" for table in parquet.TABLES}
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in files}
    with Tables(files, name) as tables:
        for number, record in spool.records(part):
            for table, found in parquet.rows_of(record).items():
                rows[table] += found
            rows["articles"][-1]["number"] = number
            if len(rows["articles"]) == ROWS:
                tables.write(rows)
        tables.write(rows)
    return list(files.values())


def _write_refusals(spool: Spool, folder: Path, name: str) -> Path:
    file = folder / "refusals.parquet"
    with Tables({"refusals": file}, name) as tables:
        tables.write({"refusals": [msgspec.structs.asdict(refusal) for refusal in spool.refusals()]})
    return file


class Tables:
    """Parquet files that are being written."""

    def __init__(self, files: dict[str, Path], shard: str) -> None:
        self._arrow = need("pyarrow", "archive", "archives")
        parquet_writer = need("pyarrow.parquet", "archive", "archives").ParquetWriter
        self._schemas = {name: schema for name, schema in schemas().items() if name in files}
        self._streams = {name: file.open("wb") for name, file in files.items()}
        self._writers = {
            name: parquet_writer(stream, self._schemas[name], compression="zstd")
            for name, stream in self._streams.items()
        }
        self._shard = shard

    def write(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        """One row group of each table; the lists are emptied."""
        for name, found in rows.items():
            for row in found:
                row["shard"] = self._shard
            self._writers[name].write_table(self._arrow.Table.from_pylist(found, schema=self._schemas[name]))
            found.clear()

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        hushed = () if kind is None else (Exception,)  # a full disk is told once
        for name, writer in self._writers.items():
            with suppress(*hushed):
                writer.close()
                sync(self._streams[name])
            with suppress(*hushed):
                self._streams[name].close()


__all__ = ["ASIDE", "UNDATED", "Spool", "Unreachable", "part_of", "schemas", "write"]
