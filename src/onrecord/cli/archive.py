"""`onrecord archive`: whole archives, in parallel, into Parquet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import rich_click as click

from .options import columns_of, settings_of, understanding

if TYPE_CHECKING:
    from ..archive.estimate import Estimate
    from ..archive.plan import Plan
    from ..archive.report import ArchiveSettings, ShardReport
    from ..archive.run import Progress, Summary

HELP = """Read a whole archive into Parquet, on all cores or on a cluster.

URI is a file, a folder or a pattern of WARC, Parquet, JSON Lines or CSV files (gzipped or not), here or on an object
store (s3://, gs://, https://). Each file is read by itself, large Parquet files in parts; what is finished is not read
again, so a run that was stopped, even killed, goes on where it was, and an archive that has grown costs what is new.

In OUT come articles, statements and speakers by language and month, refusals, and a manifest of all that was read.
Needs: pip install "onrecord[archive]"; for s3:// also s3fs, for gs:// gcsfs.

Exit code: 0 all read, 1 some refused or failed, 2 wrong usage.

\b
Examples:
  onrecord archive news/ --out records/ --plan         what it will take
  onrecord archive news/ --out records/
  onrecord archive 's3://archive/2024/*.warc.gz' --out s3://records/ --engine ray --workers 64
  onrecord collect records/ --into news.db             into a store, to search
"""
SAID_EVERY_S = 30.0  # where no person looks on


@click.command(name="archive", help=HELP)
@click.argument("uris", nargs=-1, required=True, metavar="URI…")
@click.option("--out", required=True, metavar="URI", help="Where the output goes: a folder, or s3://BUCKET/PREFIX.")
@click.option(
    "--engine", "engine_name", type=click.Choice(["local", "daft", "ray", "dask"]), default="local", show_default=True,
    help="What carries the work: the processes of this machine, or an engine that is installed.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Workers at once; by default one a core.")
@click.option("--plan", "only_plan", is_flag=True, help="Read a sample, say what it will take, and stop.")
@click.option("--replace", is_flag=True, help="Make anew what another reader or other settings made in OUT.")
@click.option("--columns", metavar="FIELD=NAME,…", help="Columns of tables: text=body,title=headline.")
@understanding
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the report.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors and the report.")
def command(**given: Any) -> int:
    """See HELP."""
    from ..archive.places import Out
    from ..archive.plan import plan

    settings = _settings(given)
    out = Out(given["out"])
    found = plan(given["uris"], out, settings)
    if given["only_plan"]:
        return _tell_plan(found, settings, as_json=given["form"] == "json")
    return _run(found, out, settings, given)


def _settings(given: dict[str, Any]) -> ArchiveSettings:
    from ..archive.report import ArchiveSettings

    language = given.pop("language")
    reading = settings_of(given, language=language)
    return ArchiveSettings(reading=reading, language=language, columns=columns_of(given["columns"]))


def _run(found: Plan, out: Any, settings: ArchiveSettings, given: dict[str, Any]) -> int:
    from ..archive.engines import engine
    from ..archive.run import run

    workers = _workers(given["engine_name"], given["workers"])
    carrier = engine(given["engine_name"])
    with _shown(quiet=given["quiet"]) as told:
        done = run(found, out, settings, carrier, workers=workers, replace=given["replace"], told=told)
    if given["form"] == "json":
        _write_json(done)
    else:
        click.echo(summary(done))
    return 1 if done.failures or done.read.refused else 0


def _workers(engine: str, asked: int | None) -> int:
    """As many as were asked for; here not more than cores."""
    import os

    from ..archive.engines import workers_of

    try:
        cores = len(os.sched_getaffinity(0))  # type: ignore[attr-defined, unused-ignore] # not on all systems
    except AttributeError:
        cores = os.cpu_count() or 1
    if asked is None:
        return workers_of(engine, cores=cores)
    return min(asked, cores) if engine == "local" else asked


# --- what is said -----------------------------------------------------------------------------------------------------


def _tell_plan(found: Plan, settings: ArchiveSettings, *, as_json: bool) -> int:
    from ..archive.estimate import estimate

    told = estimate(found, settings)
    if as_json:
        _write_json(told)
    else:
        click.echo(planned(found, told))
    return 0


def planned(found: Plan, told: Estimate) -> str:
    """What a run will take, in lines."""
    lines = [
        f"{found.objects} files, {size(found.bytes)}",
        f"{told.finished_before} shards finished before, {told.shards} to read ({size(told.bytes)})",
    ]
    if told.shards:
        lines.append(
            f"about {told.articles} articles with {told.statements} statements, {told.refused} refusals;"
            f" {time_of(told.core_hours)}; {size(told.output_bytes)} of output"
            f" (from a sample of {told.sampled} articles)"
        )
    if found.passed_over:
        lines.append(f"{found.passed_over} files in folders are of other kinds and are passed over")
    if found.foreign:
        lines.append(f"{found.foreign} outputs there are by another reader: give another --out, or --replace")
    return "\n".join(lines)


def summary(done: Summary) -> str:
    """What a run did, in lines."""
    read, holds = done.read, done.manifest["holds"]
    reasons = ", ".join(f"{number} {reason}" for reason, number in read.refusals.items())
    rate = f", {read.articles / done.seconds:.0f} articles a second" if read.articles and done.seconds > 1 else ""
    lines = [
        f"{done.out}: {read.shards} shards read, {done.finished_before} finished before"
        + (f", {len(done.failures)} failed" if done.failures else "")
        + (f", {done.replaced} earlier outputs replaced" if done.replaced else ""),
        f"{read.articles} articles, {read.statements} statements, {read.refused} refused"
        + (f" ({reasons})" if reasons else "") + rate,
        f"there now: {holds['articles']} articles, {holds['statements']} statements, {holds['shards']} shards;"
        f" see {done.out}/manifest.json",
    ]  # fmt: skip
    return "\n".join(lines)


def size(number: float) -> str:
    """Bytes for people."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def time_of(core_hours: float) -> str:
    """A time of one core for people."""
    return f"{core_hours:.1f} core hours" if core_hours >= 1 else f"{core_hours * 60:.1f} core minutes"


def line_of(progress: Progress) -> str:
    """How far a run has come, on one line."""
    read = progress.read
    rate = read.articles / progress.seconds if progress.seconds else 0
    left = progress.seconds_left
    return (
        f"{read.shards + progress.failed}/{progress.shards} shards · {read.articles} articles · {rate:.0f} a second"
        f" · {read.refused} refused" + (f" · {progress.failed} failed" if progress.failed else "")
        + ("" if left is None else f" · {duration(left)} left")
    )  # fmt: skip


def duration(seconds: float) -> str:
    """A time for people."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes}:{seconds:02}"


def _write_json(thing: Any) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(thing), indent=2))


Told = Callable[["Progress", "ShardReport"], None]


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Told]:
    """How progress is told: a bar where a person waits, else a line now and then; failures always."""
    if quiet or not sys.stderr.isatty():
        yield _Lines(quiet=quiet).told
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.fields[line]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, line="")
        say = partial(bar.console.print, markup=False, highlight=False, soft_wrap=True)

        def told(progress: Any, report: ShardReport) -> None:
            if report.error is not None:
                say(failure(report))
            bar.update(task, total=max(progress.bytes, 1), completed=progress.bytes_read, line=line_of(progress))

        yield told


class _Lines:
    """Progress in lines, for logs."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = time.monotonic()

    def told(self, progress: Progress, report: ShardReport) -> None:
        if report.error is not None:
            click.echo(failure(report), err=True)
        if not self._quiet and time.monotonic() - self._said > SAID_EVERY_S:
            click.echo(f"onrecord: {line_of(progress)}", err=True)
            self._said = time.monotonic()


def failure(report: ShardReport) -> str:
    """Why a shard has no output."""
    return f"onrecord: not read: {report.uri}: {report.error}; start it again to try it anew"
