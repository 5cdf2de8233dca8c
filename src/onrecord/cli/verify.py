"""`onrecord verify`: proof that a store is whole."""

from __future__ import annotations

import time
from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Prove that a store is whole.

Every text is checked against its hash, every span of every statement against its text, every id against what it stands
for, every reading against its parts, the search index against the statements, and the file against itself.

Exit code: 0 all is well, 1 something is wrong, 2 no store.

\b
Examples:
  onrecord verify --store news.db
  onrecord verify --store news.db --mend    make the search index anew first
"""


@click.command(name="verify", help=HELP)
@click.option("--mend", is_flag=True, help="Make the search index anew first; nothing else can be mended.")
@store
def command(*, mend: bool, path: Path | None) -> int:
    """See HELP."""
    from ..store import Store

    with Store(place(path)) as opened:
        if mend:
            opened.mend()
        began = time.monotonic()
        found = opened.verify()
    for problem in found.problems:
        click.echo(f"onrecord: {problem.what}: {problem.why}", err=True)
    wrong = len(found.problems)
    told = "all is well" if not wrong else f"{wrong} problem{'s' if wrong > 1 else ''}"
    seconds = time.monotonic() - began
    click.echo(f"{found.articles} readings, {found.statements} statements: {told} ({seconds:.1f} s)")
    return 1 if wrong else 0
