"""The unit of work: one object of an archive, or a range of its row groups, to Parquet."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from io import BufferedReader
from typing import Any

import msgspec

from ..desk import BATCH, Desk, one_thread
from ..errors import ArchiveError, OnRecordError
from ..intake.article import Registrar
from ..intake.extras import need
from ..intake.inputs import Ways, read_object
from ..types import Article, Record, Refusal
from .naming import Name, desk_of, maker_of, name_of, parted
from .output import Spool, write
from .places import Out, Stored, Unreachable, describe, opened, reaching
from .report import ArchiveSettings, ShardReport, failed

TRIES = 3  # of a shard whose input or output cannot be reached
WAITS_S = (1.0, 5.0)  # before the second and the third
TEMPORARY = "the folder for temporary files (TMPDIR)"

log = logging.getLogger(__name__)


def process_shard(uri: str, out: str, settings: ArchiveSettings) -> ShardReport:
    """Reads one input and writes its output below `out`; both are addresses as fsspec has them, or paths.

    Pure and idempotent: the same input, settings, code, packs and weights give the same rows under the same name, and
    where they are there already nothing is read. What is wrong with a record is a row of `refusals`; an input or an
    `out` that cannot be used gives a report with `error`. Raises nothing for either, so that an engine need not know
    our errors; a process may be killed at any moment, and the shard given to another.
    """
    one_thread()
    began = time.monotonic()
    why = ""
    for wait in (0.0, *WAITS_S[: TRIES - 1]):
        time.sleep(wait)
        try:
            return _Shard(uri, out, settings).process()
        except Unreachable as error:
            why = str(error)
            if error.silent:
                return failed(uri, why, seconds=time.monotonic() - began)
            if not error.may_pass:
                break
        except OnRecordError as error:
            why = str(error)
            break
        except Exception as error:  # a mistake of ours must not end a run of days
            log.exception("shard %s", uri)
            why = f"{type(error).__name__}: {error}"
            break
    return _finished(uri, out, settings) or failed(uri, why, seconds=time.monotonic() - began)


def _finished(uri: str, out: str, settings: ArchiveSettings) -> ShardReport | None:
    """The report of a shard that another process has finished meanwhile, and whose files it took out of our hands."""
    with suppress(Unreachable, OnRecordError):
        return _Shard(uri, out, settings).finished()
    return None


class _Shard:
    """One shard, while it is read."""

    def __init__(self, uri: str, out: str, settings: ArchiveSettings) -> None:
        self._uri = uri
        self._settings = settings
        self._address, self._groups = parted(uri)
        self._object = describe(self._address)
        self._bytes = self._object.bytes
        self._out = Out(out)
        self._desk = desk_of(settings.reading)
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def finished(self) -> ShardReport | None:
        """The report that is there; None where there is none. Raises Unreachable and OnRecordError."""
        done = self._out.read(f"reports/{self._name}.json")
        if done is None:
            return None
        return msgspec.structs.replace(msgspec.json.decode(done, type=ShardReport), skipped=True)

    def process(self) -> ShardReport:
        """Reads and writes, unless it was done. Raises Unreachable and OnRecordError."""
        began = time.monotonic()
        done = self.finished()
        if done is not None:
            return done
        name = str(self._name)
        with reaching(TEMPORARY):
            spool = Spool()
        try:
            for thing in self._read():
                with reaching(TEMPORARY):
                    spool.add(thing)
            parts = write(spool, self._out, name)
        finally:
            spool.close()
        report = ShardReport(
            uri=self._uri, name=name, articles=self._counts["articles"], statements=self._counts["statements"],
            speakers=self._counts["speakers"], refusals=dict(sorted(self._reasons.items())),
            bytes=self._bytes, seconds=round(time.monotonic() - began, 3), parts=parts,
        )  # fmt: skip
        # Last of all: what has a report is whole
        self._out.write(msgspec.json.format(msgspec.json.encode(report), indent=1), f"reports/{name}.json")
        return report

    @cached_property
    def _name(self) -> Name:
        maker = maker_of(self._settings)
        if self._groups is None:
            return name_of(self._object, maker)
        there = metadata_of(self._object).num_row_groups
        self._bytes = self._object.bytes * len(self._groups) // max(there, 1)
        if self._groups.stop > there:
            raise ArchiveError(f"it has {there} row groups", which=self._uri, remedy="list the archive again")
        return name_of(self._object, maker, self._groups, there)

    def _read(self) -> Iterator[Record | Refusal]:
        batch: list[Article] = []
        with opened(self._address) as stream:
            for found in articles(stream, self._object, self._groups, self._settings):
                if isinstance(found, Refusal):
                    yield self._refused(found)
                    continue
                batch.append(found)
                if len(batch) == BATCH:
                    yield from self._read_batch(batch)
                    batch = []
        yield from self._read_batch(batch)

    def _read_batch(self, batch: list[Article]) -> Iterator[Record | Refusal]:
        for record in read_safely(self._desk, batch):
            if isinstance(record, Refusal):
                yield self._refused(record)
                continue
            more = {"articles": 1, "statements": len(record.statements), "speakers": len(record.speakers)}
            self._counts.update(more)
            yield record

    def _refused(self, refusal: Refusal) -> Refusal:
        self._reasons[refusal.reason] += 1
        return refusal


def metadata_of(object: Stored) -> Any:
    """What the end of a Parquet file tells of it; nothing else is read. Raises Unreachable and ArchiveError."""
    parquet = need("pyarrow.parquet", "archive", "archives")
    arrow = need("pyarrow", "archive", "archives")
    try:
        with opened(object.uri) as stream:
            return parquet.ParquetFile(stream).metadata
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise ArchiveError(f"no Parquet ({error})", which=object.uri, remedy="look at the file") from error


def articles(
    stream: BufferedReader[Any], object: Stored, groups: range | None, settings: ArchiveSettings
) -> Iterator[Article | Refusal]:
    """What an open object holds, one after the other. Raises Unreachable."""
    registrar = Registrar(settings.reading, language=settings.language)
    ways = Ways(settings=settings.reading, columns=settings.columns, groups=groups)
    name = object.uri.partition("?")[0].rpartition("/")[2]
    found = read_object(stream, ways, origin=object.uri, name=name, size=object.bytes)
    while True:
        try:
            one = next(found, None)
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever hostile bytes do to a reader costs the rest of them
            message = f"the rest cannot be read ({type(error).__name__}: {error})"
            yield Refusal(id=object.uri, reason="malformed", message=message, origin=object.uri)
            return
        if one is None:
            return
        yield registrar.register(one)


def read_safely(desk: Desk, batch: list[Article]) -> Iterator[Record | Refusal]:
    """The records of articles; one that the reader fails on is a refusal, and the others are read."""
    try:
        records = list(desk.read_many(batch))
    except OnRecordError:
        raise  # no pack, no weights: no article can be read
    except Exception as error:  # noqa: BLE001 - a mistake of ours costs the article it was made on
        if len(batch) == 1:
            message = f"the reader failed on it ({type(error).__name__}: {error}); please report it"
            yield Refusal(id=batch[0].id, reason="unreadable", message=message, origin=batch[0].origin)
            return
        for article in batch:
            yield from read_safely(desk, [article])
        return
    yield from records
