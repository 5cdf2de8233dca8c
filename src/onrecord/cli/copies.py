"""`onrecord copies`: what is one statement, reported several times."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Find what was reported several times: agency copy reprinted, and quotations taken over.

Found anew each time, over the whole store; after that `search` shows each statement once, with how many carried it and
who was first.

\b
Example:
  onrecord copies --store news.db
"""


@click.command(name="copies", help=HELP)
@store
def command(*, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    with Store(place(path)) as opened:
        linked = opened.link_copies()
    click.echo(
        f"{linked.articles} articles are reprints; {linked.statements} statements had been reported before,"
        f" {linked.changed} of them in other words"
    )
    return 0
