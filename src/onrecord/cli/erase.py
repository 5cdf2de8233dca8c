"""`onrecord erase`: removing for good."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from ..errors import SettingsError
from .stored import place, store

HELP = """Remove an article, or everything that somebody is on record with, for good.

The rows go, the search index, and what the file still holds of them; what stays is a tombstone with date and reason and
nothing of the text, which keeps the same from being collected again. Backups and exports made before are not touched.

\b
Examples:
  onrecord erase --article https://example.org/news/1 --reason "taken down by the publisher"
  onrecord erase --speaker "Ana Roy" --reason "request of 2026-11-20"
"""


@click.command(name="erase", help=HELP)
@click.option("--article", metavar="ID", help="The article with this id.")
@click.option("--speaker", metavar="NAME", help="The statements of everybody of this name.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the tombstone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@store
def command(*, article: str | None, speaker: str | None, reason: str, yes: bool, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    if (article is None) == (speaker is None):
        raise SettingsError("erase what?", remedy="give either --article or --speaker")
    with Store(place(path)) as opened:
        if not yes:
            what = f"the article {article}" if article else f"the statements of {speaker}"
            click.confirm(f"Remove {what} for good?", abort=True, err=True)
        erased = (
            opened.erase_article(article, reason=reason)
            if article is not None
            else opened.erase_speaker(str(speaker), reason=reason)
        )
    click.echo(f"{erased.statements} statements in {erased.articles} articles removed")
    return 0
