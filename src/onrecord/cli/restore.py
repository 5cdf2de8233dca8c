"""`onrecord restore`: a copy back in the place of a store."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Put a copy in the place of a store. The copy is proved first; what was there is gone after.

\b
Example:
  onrecord restore copies/news-2026-11-26.db --store news.db
"""


@click.command(name="restore", help=HELP)
@click.argument("copy", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@store
def command(*, copy: Path, yes: bool, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    target = place(path)
    if target.exists() and not yes:
        click.confirm(f"Replace {target} by {copy}?", abort=True, err=True)
    with Store(target, create=True) as opened:
        opened.restore(copy)
    click.echo(f"{target}: restored from {copy}")
    return 0
