"""`onrecord backup`: a copy of a store in use."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Copy a store, whole and of one moment, while others go on using it.

\b
Example:
  onrecord backup copies/news-2026-11-26.db --store news.db
"""


@click.command(name="backup", help=HELP)
@click.argument("into", metavar="FILE", type=click.Path(path_type=Path))
@store
def command(*, into: Path, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    with Store(place(path), readonly=True) as opened:
        opened.backup(into)
    click.echo(f"{into}: {into.stat().st_size / 1e6:,.1f} MB")
    return 0
