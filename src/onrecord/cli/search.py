"""`onrecord search`: statements by their words and what else is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import rich_click as click

from .options import use_color, width_of
from .output import Output
from .stored import color, filters, filters_of, form, place, store

if TYPE_CHECKING:
    from ..store import Hit

HELP = """Find statements in a store.

QUERY is words that all have to stand in what was said; accents and case do not count. A "phrase" stands word for word,
missile* finds all words that begin so, OR and brackets give a choice, and -word leaves out. Without QUERY everything
that the options ask for is shown.

Exit code: 0 something was found, 1 nothing, 2 wrong usage.

\b
Examples:
  onrecord search missiles --speaker Loukachenko --act deny --after 2022-12-01
  onrecord search '"zone tampon" OR cessez-le-feu' --type direct --format csv
  onrecord search --outlet AFP --order oldest --limit 100
"""


@click.command(name="search", help=HELP)
@click.argument("query", required=False, metavar="QUERY")
@filters
@click.option(
    "--order", type=click.Choice(["newest", "oldest", "relevance"]), default="newest", show_default=True,
    help="By date of publication, or the best match first.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="At most so many.")
@click.option("--unfold", is_flag=True, help="Every carrier of a statement, not only one; see `onrecord copies`.")
@click.option("--all", "everything", is_flag=True, help="All that is found, however many.")
@form("table", "json", "jsonl", "csv")
@color
@store
def command(**given: Any) -> int:
    """See HELP."""
    from ..store import Store
    from . import rows

    asked = filters_of(given)
    limit = None if given["everything"] else given["limit"]
    with Store(place(given["path"]), readonly=True) as opened, Output(None) as out:
        found = opened.search(given["query"], asked, order=given["order"], limit=limit, fold=not given["unfold"])
        hits = rows.Counted(found)
        for piece in _pieces(hits, given["form"], use_color(given["color"], out.stream)):
            out.write(piece)
    if not hits.number:
        click.echo("onrecord: nothing found", err=True)
    return 0 if hits.number else 1


def _pieces(hits: Iterable[Hit], form: str, colored: bool) -> Iterator[str]:
    from . import rows

    if form == "table":
        return (rows.hit(one, width=width_of(), color=colored) for one in hits)
    return rows.render(hits, form)
