"""`onrecord stats`: what a store holds."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .output import Output
from .stored import form, place, store

HELP = """Say what a store holds.

\b
Example:
  onrecord stats --store news.db
"""


@click.command(name="stats", help=HELP)
@form("table", "json")
@store
def command(*, form: str, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store
    from . import rows

    with Store(place(path), readonly=True) as opened, Output(None) as out:
        found = opened.stats()
        if form == "json":
            out.write(next(iter(rows.render([found], "jsonl"))))
            return 0
        known = found.statements - found.unknown
        share = f" ({known / found.statements:.0%})" if found.statements else ""
        again = f", {found.readings:,} readings" if found.readings > found.articles else ""
        lines = {
            "articles": f"{found.articles:,}{again}",
            "statements": f"{found.statements:,}, speaker known in {known:,}{share}",
            "speakers": f"{found.speakers:,}",
            "outlets": f"{found.outlets:,}",
            "published": f"{(found.first or '–')[:10]} to {(found.latest or '–')[:10]}",
            "refused": f"{found.refusals:,}",
            "erased": f"{found.erased:,}",
            "file": f"{found.bytes / 1e6:,.1f} MB, of which {found.text_bytes / 1e6:,.1f} MB text",
        }
        for name, value in lines.items():
            out.write(f"{name:<11} {value}\n")
    return 0
