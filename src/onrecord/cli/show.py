"""`onrecord show`: a statement in its article, or a whole record."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .options import use_color, width_of
from .output import Output
from .stored import color, form, place, store

HELP = """Show a statement where it stands, with the reasons that led to it; or everything of an article.

ID is that of a statement, or its first characters, as `onrecord search` prints it in square brackets; or that of an
article.

\b
Examples:
  onrecord show c1296b99
  onrecord show https://example.org/news/1 --format json
"""


@click.command(name="show", help=HELP)
@click.argument("id", metavar="ID")
@form("text", "json")
@color
@store
def command(*, id: str, form: str, color: str, path: Path | None) -> int:
    """Exit code: 0 when it is there, 1 when not."""
    from ..export.jsonform import encode
    from ..export.terminal import excerpt, render
    from ..store import Store

    with Store(place(path), readonly=True) as opened, Output(None) as out:
        statements = opened.statement(id)
        record = None if statements else opened.record(id)
        colored = use_color(color, out.stream)
        for found, whole in statements:
            shown = excerpt(found, whole, width=width_of(), color=colored)
            out.write(encode(found) + "\n" if form == "json" else f"{shown}\n")
        if record is not None:
            out.write(encode(record) + "\n" if form == "json" else render(record, width=width_of(), color=colored))
    if not statements and record is None:
        click.echo(f"onrecord: no statement and no article of this id: {id}", err=True)
        return 1
    return 0
