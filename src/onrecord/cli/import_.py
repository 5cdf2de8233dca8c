"""`onrecord import`: records made elsewhere, or exported before, into a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from .stored import place

if TYPE_CHECKING:
    from ..store import Store
    from ..types import Record

HELP = """Put records into a store: JSON Lines as `onrecord export` and `onrecord read --format jsonl` write them.

Every record is proved first: its text against its hash, its spans against its text. A record that does not pass is
named and left out. What the store has already is not written again.

Exit code: 0 all taken, 1 some left out, 2 wrong usage.

\b
Example:
  onrecord import everything.jsonl --into news.db
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
    """The records of files, line by line; a bad one is named on standard error."""
    from ..errors import FormatError
    from ..export import jsonform
    from ..export.proof import prove

    for file in files:
        try:
            lines = file.open("rb")
        except OSError as error:
            raise FormatError(f"cannot be opened ({error.strerror})", which=file, remedy="check the path") from error
        with lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield prove(jsonform.decode(line))
                except FormatError as error:
                    bad.append(f"{file}:{number}")
                    click.echo(f"onrecord: left out: {file}:{number}: {error}", err=True)
