"""`onrecord collect`: many inputs into a store."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from ..errors import SettingsError
from .options import Sources, reading, settings_of, sources_of
from .stored import place

if TYPE_CHECKING:
    from ..collect import Progress
    from ..desk import Desk
    from ..intake import Visits
    from ..store import Store
    from ..types import Article, Refusal

HELP = """Read articles into a store, to search and follow them later.

What the store has already is not read again, so a run that was stopped, even killed, goes on where it was when it is
started anew, and a folder can be collected every day. An article whose text has changed is read again; the earlier
reading is kept. A feed is sent again only where it has changed. What `onrecord archive` has written is taken as it
stands, without being read again.

Exit code: 0 all read, 1 some refused, 2 wrong usage.

\b
Examples:
  onrecord collect news/ --into news.db
  onrecord collect archive.jsonl --into news.db --cores 2
  onrecord collect inbox/ --into news.db --watch 60     look every minute, until stopped
"""


@click.command(name="collect", help=HELP)
@reading
@click.option(
    "--into", metavar="FILE", type=click.Path(path_type=Path), default=None,
    help="The store; made where it is missing. By default ONRECORD_STORE, else onrecord.db here.",
)  # fmt: skip
@click.option(
    "--cores", type=click.IntRange(1), metavar="N", default=1, show_default=True,
    help="Processes that read; pays from some hundred articles on.",
)  # fmt: skip
@click.option("--watch", type=click.IntRange(1), metavar="SECONDS", help="Look again after this time, for ever.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors and refusals; for cron.")
def command(**given: Any) -> int:
    """See HELP."""
    from ..desk import Desk
    from ..intake import Visits
    from ..store import Store

    sources = sources_of(given)
    visits = Visits(language=sources.language) if sources.fetches else None
    settings = settings_of(given, language=sources.language)
    desk = Desk(settings)
    archived = _archived(sources.inputs)
    with Store(place(given["into"]), create=True) as store:
        while True:
            if archived:
                refused = _take(sources.inputs, store, quiet=given["quiet"])
            else:
                refused = _collect(sources, store, desk, visits, cores=given["cores"], quiet=given["quiet"])
            if given["watch"] is None:
                return 1 if refused else 0
            time.sleep(given["watch"])


def _collect(  # noqa: PLR0913 - as `collect`
    sources: Sources, store: Store, desk: Desk, visits: Visits | None, *, cores: int, quiet: bool
) -> int:
    """Collects once; how many were refused."""
    from ..collect import collect

    total = sources.count() if sys.stderr.isatty() else None
    with _bar(total, quiet=quiet) as (told, say):
        found = _named(sources.open(desk.settings, visits), say)
        progress = collect(found, store, desk, cores=cores, told=told, visits=visits)
    if not quiet:
        click.echo(f"{store.path}: {summary(progress)}")
    return progress.refused


def _archived(inputs: Sequence[str]) -> bool:
    """Whether the inputs are outputs of `onrecord archive`. Raises SettingsError where only some are."""
    from ..archive.taken import is_output

    outputs = [name for name in inputs if is_output(name)]
    if outputs and len(outputs) < len(inputs):
        raise SettingsError(
            "this is the output of `onrecord archive`, and the other inputs are none",
            which=outputs[0], remedy="collect it by itself",
        )  # fmt: skip
    return bool(outputs)


def _take(inputs: Sequence[str], store: Store, *, quiet: bool) -> int:
    """Takes what `onrecord archive` has written; how many were refused."""
    from ..archive.taken import taken
    from ..collect import take

    with _bar(None, quiet=quiet) as (told, _):
        progress = take((one for name in inputs for one in taken(name)), store, told=told)
    if not quiet:
        click.echo(f"{store.path}: {summary(progress)}")
    return progress.refused


def _named(found: Iterable[Article | Refusal], say: Callable[[str], None]) -> Iterator[Article | Refusal]:
    """Passes everything on and names refusals on standard error."""
    from ..types import Refusal

    for one in found:
        if isinstance(one, Refusal):
            say(f"onrecord: not read: {one.origin or one.id}: {one.message}")
        yield one


def summary(progress: Progress) -> str:
    """What a collection did, on one line."""
    parts = [f"{progress.new} new"]
    feeds = "feed unchanged" if progress.feeds == 1 else "feeds unchanged"
    for name in ("changed", "unchanged", "erased", "feeds", "refused"):
        if number := getattr(progress, name):
            parts.append(f"{number} {feeds if name == 'feeds' else name}")
    if progress.reasons:
        parts[-1] += " ({})".format(", ".join(f"{number} {reason}" for reason, number in progress.reasons.items()))
    rate = f", {progress.read / progress.seconds:.0f} a second" if progress.read and progress.seconds > 1 else ""
    return f"{', '.join(parts)}; {progress.statements} statements added{rate}"


@contextmanager
def _bar(
    total: int | None, *, quiet: bool
) -> Iterator[tuple[Callable[[Progress], None] | None, Callable[[str], None]]]:
    """A bar with articles, statements, rate and refusals where a person waits; and how to say something above it."""
    if quiet or not sys.stderr.isatty():
        yield None, partial(click.echo, err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("collecting"), BarColumn(), TextColumn("{task.completed} articles"),
        TextColumn("{task.fields[more]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total, more="")

        def told(progress: Any) -> None:
            rate = progress.articles / progress.seconds if progress.seconds else 0
            more = f"{progress.statements} statements · {rate:.0f} a second · {progress.refused} refused"
            shown.update(task, completed=progress.articles, more=more)

        yield told, partial(shown.console.print, markup=False, highlight=False, soft_wrap=True)
