"""`onrecord export`: a store in a form that others read."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .output import Output
from .stored import form, place, store

HELP = """Write what a store holds in a form that others read; article by article, oldest publication first.

jsonl is the native form and loses nothing: `onrecord import` makes the same store of it. csv has a row a statement.

\b
Examples:
  onrecord export --format csv -o statements.csv
  onrecord export --superseded -o everything.jsonl     earlier readings, too
"""


@click.command(name="export", help=HELP)
@form("jsonl", "csv")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, which appears when it is complete.")
@click.option("--superseded", is_flag=True, help="Earlier readings of articles that were read again, too.")
@store
def command(*, form: str, output: str | None, superseded: bool, path: Path | None) -> int:
    """See HELP."""
    from ..export import csvform, jsonform
    from ..store import Store

    with Store(place(path), readonly=True) as opened, Output(output) as out:
        if form == "csv":
            out.write(csvform.table(()))
        for record in opened.records(superseded=superseded):
            out.write(csvform.table([record], header=False) if form == "csv" else jsonform.encode(record) + "\n")
    return 0
