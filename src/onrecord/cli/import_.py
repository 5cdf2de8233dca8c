"""`onrecord import`: records made elsewhere, or exported before, into a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from .stored import place

if TYPE_CHECKING:
    from ..store import Store
    from ..types import Record

HELP = """Put records into a store that were exported or made elsewhere.

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
        batch: list[Record] = []
        for record in _records(files, bad):
            batch.append(record)
            if len(batch) == BATCH:
                taken += _write(store, batch)
                batch = []
        taken += _write(store, batch)
    click.echo(f"{store.path}: {taken} records taken" + (f", {len(bad)} left out" if bad else ""))
    return 1 if bad else 0


def _write(store: Store, batch: list[Record]) -> int:
    written = store.write(batch)
    return written.new + written.changed


def _records(files: tuple[Path, ...], bad: list[str]) -> Iterator[Record]:
    """The records of files and folders; a bad one is named on standard error."""
    from ..errors import FormatError
    from ..export.proof import prove

    for file in files:
        for where, found in _lines(file) if not file.is_dir() else _folder(file):
            try:
                yield prove(found())
            except FormatError as error:
                bad.append(where)
                click.echo(f"onrecord: left out: {where}: {error}", err=True)


Found = tuple[str, Callable[[], "Record"]]  # where, and the record or why there is none


def _lines(file: Path) -> Iterator[Found]:
    from ..errors import FormatError
    from ..export import jsonform

    try:
        lines = file.open("rb")
    except OSError as error:
        raise FormatError(f"cannot be opened ({error.strerror})", which=file, remedy="check the path") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{file}:{number}", partial(jsonform.decode, line)


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


def _same(record: Record) -> Record:
    return record


def _raise(error: Exception) -> Record:
    raise error
