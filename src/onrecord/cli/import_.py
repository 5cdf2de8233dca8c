"""`onrecord import`: records made elsewhere, or exported before, into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from .stored import place

if TYPE_CHECKING:
    from ..store.judgements import Entry
    from ..types import Record

HELP = """Put records into a store that were exported or made elsewhere.

What people decided of its statements comes along, each judgement once.

FILE is JSON Lines as `onrecord export` and `onrecord read --format jsonl` write them, or a folder of Parquet or brat.
Every record is proved first: its text against its hash, its spans against its text. A record that does not pass is
named and left out. What the store has already is not written again.

Exit code: 0 all taken, 1 some left out, 2 wrong usage.

\b
Example:
  onrecord import everything.jsonl --into news.db
  onrecord import corrected-in-brat/ --into news.db
"""
BATCH = 64  # records a transaction


@click.command(name="import", help=HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--into", metavar="FILE", type=click.Path(path_type=Path), default=None,
    help="The store; made where it is missing. By default ONRECORD_STORE, else onrecord.db here.",
)  # fmt: skip
def command(*, files: tuple[Path, ...], into: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    bad: list[str] = []
    with Store(place(into), create=True) as store:
        taken = 0
        judged = 0
        for batch in batched(_records(files, bad), BATCH):
            written = store.write(record for record, _ in batch)
            taken += written.new + written.changed
            judged += sum(store.take(record.article.id, entries) for record, entries in batch if entries)
    told = [f"{taken} records taken", f"{judged} judgements" if judged else "", f"{len(bad)} left out" if bad else ""]
    click.echo(f"{store.path}: {', '.join(filter(None, told))}")
    return 1 if bad else 0


def batched(records: Iterator[Taken], size: int) -> Iterator[list[Taken]]:
    """So many at a time."""
    while batch := list(islice(records, size)):
        yield batch


def _records(files: tuple[Path, ...], bad: list[str]) -> Iterator[Taken]:
    """The records of files and folders with their judgements; a bad one is named on standard error."""
    from ..errors import FormatError
    from ..export.proof import prove

    for file in files:
        for where, found in _lines(file) if not file.is_dir() else _folder(file):
            try:
                record, entries = found()
                yield prove(record), entries
            except FormatError as error:
                bad.append(where)
                click.echo(f"onrecord: left out: {where}: {error}", err=True)


Taken = tuple["Record", tuple["Entry", ...]]
Found = tuple[str, Callable[[], Taken]]  # where, and the record or why there is none


def _lines(file: Path) -> Iterator[Found]:
    from ..errors import FormatError

    try:
        lines = file.open("rb")
    except OSError as error:
        raise FormatError(f"cannot be opened ({error.strerror})", which=file, remedy="check the path") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{file}:{number}", partial(_line, line)


def _folder(folder: Path) -> Iterator[Found]:
    from ..errors import FormatError
    from ..export import brat, parquet

    if (folder / "articles.parquet").exists():
        for record in parquet.read(folder):
            yield f"{folder}: {record.article.id}", partial(_same, record)
    elif any(folder.glob("*.ann")):
        for found in brat.read(folder):
            yield (
                (str(found.which), partial(_raise, found))
                if isinstance(found, FormatError)
                else (
                    f"{folder}: {found.article.id}",
                    partial(_same, found),
                )
            )
    else:
        raise FormatError("neither Parquet nor brat", which=folder, remedy="give a folder that export has written")


def _line(line: bytes) -> Taken:
    """A record, and what people decided of it. Raises FormatError where the line has either in another form."""
    import msgspec

    from ..errors import FormatError
    from ..export import jsonform
    from ..store.judged import is_fit
    from ..store.judgements import Entry

    record = jsonform.decode(line)
    try:
        entries = msgspec.convert(msgspec.json.decode(line).get("judgements", ()), tuple[Entry, ...])
    except msgspec.MsgspecError as error:
        raise FormatError(f"no judgements ({error})", which=record.article.id, remedy="export it again") from error
    for entry in entries:
        if not is_fit(record, entry):
            raise FormatError("a judgement does not fit its text", which=record.article.id, remedy="export it again")
    return record, entries


def _same(record: Record) -> Taken:
    return record, ()


def _raise(error: Exception) -> Taken:
    raise error
