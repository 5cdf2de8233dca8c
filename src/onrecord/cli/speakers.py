"""`onrecord speakers`: who is quoted, how often and how."""

from __future__ import annotations

from typing import Any

import rich_click as click

from .options import use_color, width_of
from .output import Output
from .stored import color, filters, filters_of, form, place, store

HELP = """List who is quoted most, with how: directly, indirectly or mixed, and in how many articles.

Groups and unnamed sources ("des habitants", "a source") are left out unless --everybody asks for them. With --by the
statements are counted by outlet, month, language, act, type, or by gender of the speaker where the articles show it.

\b
Examples:
  onrecord speakers --outlet AFP --after 2022 --limit 50
  onrecord speakers --by gender
  onrecord speakers --by month --speaker Loukachenko --format csv
"""


@click.command(name="speakers", help=HELP)
@filters
@click.option(
    "--by", type=click.Choice(["outlet", "month", "language", "act", "type", "gender"]), help="Count by this instead."
)
@click.option("--everybody", is_flag=True, help="Groups and unnamed sources, too.")
@click.option("--limit", type=click.IntRange(1), default=25, show_default=True, metavar="N", help="At most so many.")
@form("table", "json", "jsonl", "csv")
@color
@store
def command(**given: Any) -> int:
    """See HELP."""
    from ..store import Store
    from . import rows

    asked = filters_of(given)
    with Store(place(given["path"]), readonly=True) as opened, Output(None) as out:
        found: list[Any] = (
            opened.counts(given["by"], asked)
            if given["by"]
            else list(opened.speakers(asked, everybody=given["everybody"], limit=given["limit"]))
        )
        if given["form"] != "table":
            for piece in rows.render(found, given["form"]):
                out.write(piece)
        elif found:
            colored = use_color(given["color"], out.stream)
            out.write(_by(found, given["by"], colored) if given["by"] else _table(found, colored))
    if not found:
        click.echo("onrecord: nobody is quoted", err=True)
    return 0 if found else 1


def _table(found: list[Any], colored: bool) -> str:
    from . import rows

    header = ("speaker", "statements", "articles", "direct", "indirect", "mixed", "latest")
    lines = [(q.name, q.statements, q.articles, q.direct, q.indirect, q.mixed, (q.latest or "")[:10]) for q in found]
    return rows.table(header, lines, width=width_of(), color=colored)


def _by(found: list[Any], by: str, colored: bool) -> str:
    from . import rows

    whole = sum(count.statements for count in found)
    lines = [(count.value or "not known", count.statements, f"{count.statements / whole:.0%}") for count in found]
    return rows.table((by, "statements", "share"), lines, width=width_of(), color=colored)
