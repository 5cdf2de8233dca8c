"""`onrecord note`: a newspaper's correction or retraction of its article."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Keep a correction or retraction beside an article. What was read stays, and `search` shows the note with it.

\b
Example:
  onrecord note https://example.org/news/1 retraction --why "the quotation was invented" --dated 2026-11-20
"""


@click.command(name="note", help=HELP)
@click.argument("article", metavar="ARTICLE")
@click.argument("kind", type=click.Choice(["correction", "retraction"]))
@click.option("--why", required=True, metavar="TEXT", help="What the newspaper says.")
@click.option("--dated", metavar="DATE", help="Of the newspaper's note.")
@store
def command(*, article: str, kind: str, why: str, dated: str | None, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    with Store(place(path)) as opened:
        opened.note(article, "correction" if kind == "correction" else "retraction", why=why, dated=dated)
    return 0
