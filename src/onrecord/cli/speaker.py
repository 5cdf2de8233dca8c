"""`onrecord speaker`: everything that somebody said, by time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from .options import use_color, width_of
from .output import Output
from .stored import color, form, place, store

if TYPE_CHECKING:
    from ..store import Store

HELP = """Everything that somebody is on record with, the oldest first, below a few lines on who and how often.

NAME is a name or surname in any spelling: Loukachenko finds Lukashenko.

\b
Examples:
  onrecord speaker Loukachenko
  onrecord speaker "Ana Roy" --format csv
"""


@click.command(name="speaker", help=HELP)
@click.argument("name", metavar="NAME")
@form("table", "json", "jsonl", "csv")
@color
@store
def command(*, name: str, form: str, color: str, path: Path | None) -> int:
    """Exit code: 0 when somebody of this name is quoted, 1 when not."""
    from ..store import Filters, Store
    from . import rows

    with Store(place(path), readonly=True) as opened, Output(None) as out:
        hits = rows.Counted(opened.search(None, Filters(speaker=name), order="oldest"))
        if form == "table":
            colored = use_color(color, out.stream)
            out.write(_who(opened, name, colored))
            for one in hits:
                out.write(rows.hit(one, width=width_of(), color=colored))
        else:
            for piece in rows.render(hits, form):
                out.write(piece)
    if not hits.number:
        click.echo(f"onrecord: nobody of this name is quoted: {name}", err=True)
    return 0 if hits.number else 1


def _who(store: Store, name: str, colored: bool) -> str:
    """Under which names, how often, in which time and how."""
    from ..store import Filters
    from . import rows

    asked = Filters(speaker=name)
    found = list(store.speakers(asked, everybody=True))
    if not found:
        return ""
    header = ("name", "type", "gender", "statements", "articles", "first", "latest")
    lines = [
        (q.name, q.type, q.gender or "not known", q.statements, q.articles, (q.first or "")[:10], (q.latest or "")[:10])
        for q in found
    ]
    acts = ", ".join(f"{count.value} {count.statements}" for count in store.counts("act", asked))
    types = ", ".join(f"{count.value} {count.statements}" for count in store.counts("type", asked))
    table = rows.table(header, lines, width=width_of(), color=colored)
    return f"{table}\n{types}\n{acts}\n\n"
