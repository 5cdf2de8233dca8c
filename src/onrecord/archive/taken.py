"""The output of an archive, back to records: in the order of its inputs, as if these were read now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from heapq import merge
from pathlib import Path
from typing import Any

import msgspec

from ..errors import ArchiveError, FormatError
from ..export import parquet, proof
from ..intake.article import own_id
from ..intake.extras import need
from ..types import Record, Refusal
from .naming import parted
from .places import Out, Unreachable, reaching
from .report import ShardReport
from .run import reports_of

IN_MEMORY = 512  # articles of a shard, over all its parts
Numbered = tuple[int, Record]  # with its place in the input


def is_output(uri: str) -> bool:
    """Whether an address is what `onrecord archive` has written: a folder of it, or any on an object store."""
    if "://" in uri:
        return not uri.startswith(("http://", "https://"))
    return all((Path(uri) / folder).is_dir() for folder in ("reports", "refusals"))


def taken(uri: str) -> Iterator[Record | Refusal]:
    """Every record and refusal of finished shards. Raises ArchiveError where there are none or some cannot be read.

    Where two inputs have an article of one id, the second gets a suffix, as in a run that reads them all.
    """
    try:
        out = Out(uri)
        reports = sorted(reports_of(out, out.names("reports", ".json")), key=_place)
        if not reports:
            raise ArchiveError("no finished shard in it", which=uri, remedy="give the --out of `onrecord archive`")
        ids: set[str] = set()
        for report in reports:
            for one in _of_shard(out, report):
                if isinstance(one, Refusal):
                    yield msgspec.structs.replace(one, id=own_id(one.id, ids))
                    continue
                article = msgspec.structs.replace(one.article, id=own_id(one.article.id, ids))
                yield msgspec.structs.replace(one, article=article)
    except Unreachable as error:
        raise ArchiveError("the output cannot be read", which=str(error), remedy="check the address") from error


def _place(report: ShardReport) -> tuple[str, int]:
    address, groups = parted(report.uri)
    return address, 0 if groups is None else groups.start


def _of_shard(out: Out, report: ShardReport) -> Iterator[Record | Refusal]:
    pa = need("pyarrow", "archive", "archives")
    try:
        with ExitStack() as open_files:
            batch = max(4, IN_MEMORY // max(1, len(report.parts)))
            parts = [_of_part(out, report.name, part, open_files, batch) for part in report.parts]
            for _, record in merge(*parts, key=lambda numbered: numbered[0]):
                yield _proved(record)
            refusals = _opened(out, f"refusals/{report.name}.parquet", open_files)
            for row in (row for some in refusals.iter_batches(IN_MEMORY) for row in some.to_pylist()):
                yield msgspec.convert({name: row[name] for name in Refusal.__struct_fields__}, Refusal)
    except (OSError, ValueError, KeyError, pa.ArrowException, msgspec.MsgspecError) as error:
        raise ArchiveError(
            f"an output is damaged ({error})", which=f"{out.uri}/reports/{report.name}.json",
            remedy="remove this report and start `onrecord archive` again",
        ) from error  # fmt: skip


def _of_part(out: Out, name: str, part: str, open_files: ExitStack, batch: int) -> Iterator[Numbered]:
    files = {table: _opened(out, f"{table}/{part}/{name}.parquet", open_files) for table in parquet.TABLES}
    language = part.split("/")[0].removeprefix("language=")
    for row, record in parquet.numbered(files, language=language, batch=batch):
        yield row["number"], record


def _opened(out: Out, name: str, open_files: ExitStack) -> Any:
    with reaching(f"{out.uri}/{name}"):
        stream = open_files.enter_context(out.open(name))
    return need("pyarrow.parquet", "archive", "archives").ParquetFile(stream)


def _proved(record: Record) -> Record | Refusal:
    try:
        return proof.prove(record)
    except FormatError as error:
        return Refusal(id=record.article.id, reason="malformed", message=str(error), origin=record.article.origin)
