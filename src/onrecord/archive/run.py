"""A run over an archive: shards to an engine, what comes back counted, and the manifest of all that OUT holds."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import msgspec

from ..errors import ArchiveError
from .engines import Engine
from .naming import FORM, extractor, made_by, parsed
from .output import files_of
from .places import Out, Unreachable, short
from .plan import Plan, bytes_of
from .report import ArchiveSettings, ShardReport

MANIFEST = "manifest.json"
IN_A_ROW = 20  # shards that fail one after the other end a run: the disk is full, or the store is gone
READERS = 16  # reports that are read at once


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What shards hold together."""

    shards: int = 0
    bytes: int = 0
    articles: int = 0
    statements: int = 0
    speakers: int = 0
    refusals: dict[str, int] = msgspec.field(default_factory=dict)  # by reason
    seconds: float = 0.0  # of all workers together

    @property
    def refused(self) -> int:
        """Refusals of all reasons."""
        return sum(self.refusals.values())


class Failure(msgspec.Struct, frozen=True):
    """A shard without output, and why."""

    uri: str
    error: str


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run has come."""

    shards: int  # that are to be read
    bytes: int  # of these
    read: Counts
    bytes_read: int  # of shards that are finished or have failed
    failed: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """By the bytes that are left; None as long as nothing is finished."""
        return self.seconds * (self.bytes - self.bytes_read) / self.bytes_read if self.bytes_read else None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did, and what OUT holds now."""

    out: str
    read: Counts
    finished_before: int
    failures: tuple[Failure, ...]
    replaced: int  # outputs of earlier states of inputs, or by another reader, that were removed
    seconds: float
    manifest: dict[str, Any]


def run(  # noqa: PLR0913 - what, where, how and by whom
    plan: Plan, out: Out, settings: ArchiveSettings, engine: Engine, *, workers: int, replace: bool = False,
    told: Callable[[Progress, ShardReport], None] | None = None,
) -> Summary:  # fmt: skip
    """Reads what is to be done. Raises ArchiveError where OUT holds what another reader made, or nothing succeeds."""
    if plan.foreign and not replace:
        raise ArchiveError(
            f"{plan.foreign} outputs there are by another reader or with other settings, and would be counted twice",
            which=out.uri, remedy="give another --out, or --replace to have them made anew",
        )  # fmt: skip
    began = time.monotonic()
    work = _Run(plan, out)
    if plan.todo:
        reports = engine.run([shard.uri for shard in plan.todo], out.uri, settings, workers)
        try:
            for report in work.reports(reports):
                if told is not None:
                    told(work.progress(time.monotonic() - began), report)
        finally:
            if isinstance(reports, Generator):
                reports.close()  # ends the workers now, whatever ended the run
    manifest = work.manifest(settings)
    return Summary(
        out=out.uri, read=counts(work.finished), finished_before=len(plan.done), failures=tuple(work.failures),
        replaced=work.replaced, seconds=time.monotonic() - began, manifest=manifest,
    )  # fmt: skip


class _Run:
    """One run, with what has come back."""

    def __init__(self, plan: Plan, out: Out) -> None:
        self.finished: list[ShardReport] = []
        self.failures: list[Failure] = []
        self.replaced = 0
        self._plan = plan
        self._out = out
        self._shards = {shard.uri: shard for shard in plan.todo}
        self._bytes = 0
        self._read = Counts()
        self._all_bytes = bytes_of(plan.todo)
        self._left = Counter(shard.object for shard in plan.todo)

    def reports(self, reports: Iterator[ShardReport]) -> Iterator[ShardReport]:
        """The reports, each counted. Raises ArchiveError when shard after shard fails."""
        in_a_row = 0
        for report in reports:
            shard = self._shards[report.uri]
            self._bytes += shard.bytes
            if report.error is None:
                in_a_row = 0
                self.finished.append(report)
                self._read = counts([report], beside=self._read)
                self._left[shard.object] -= 1
                if not self._left[shard.object]:
                    self._replace(shard.object)
            else:
                in_a_row += 1
                self.failures.append(Failure(report.uri, report.error))
            yield report
            if in_a_row >= IN_A_ROW:
                raise ArchiveError(
                    f"{in_a_row} shards failed one after the other ({report.error})", which=self._out.uri,
                    remedy="mend that and start it again; what is finished stays",
                )  # fmt: skip

    def progress(self, seconds: float) -> Progress:
        """How far it has come."""
        return Progress(
            shards=len(self._shards), bytes=self._all_bytes, read=self._read,
            bytes_read=self._bytes, failed=len(self.failures), seconds=seconds,
        )  # fmt: skip

    def _replace(self, object: str) -> None:
        """Removes what an earlier state of an input gave, once the whole of its new output is there."""
        for name in self._plan.earlier.get(object, ()):
            remove(self._out, name)
            self.replaced += 1

    def manifest(self, settings: ArchiveSettings) -> dict[str, Any]:
        """Writes the manifest, unless it says all that there is."""
        try:
            names = self._out.names("reports", ".json")
            before = self._out.read(MANIFEST)
            old = None if before is None else msgspec.json.decode(before)
            if old is not None and old["outputs"] == short(names):
                return dict(old)
            new = [report.name for report in self.finished]
            if old is not None and old["outputs"] == short(sorted(set(names) - set(new))):
                held = counts(self.finished, beside=msgspec.convert(old["holds"], Counts))
            else:  # something was removed, or a run was killed before it wrote a manifest
                held = counts(reports_of(self._out, names))
            data = msgspec.json.encode(_manifest(settings, held, names, self._plan.maker, self.failures))
            self._out.write(msgspec.json.format(data, indent=1), MANIFEST)
        except Unreachable as error:
            raise ArchiveError("the manifest cannot be written", which=str(error), remedy="start it again") from error
        return dict(msgspec.json.decode(data))


def _manifest(
    settings: ArchiveSettings, held: Counts, names: list[str], maker: str, failures: list[Failure]
) -> dict[str, Any]:
    objects = {name.object for name in map(parsed, names) if name is not None}
    return {
        "form": FORM,
        "written": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "maker": maker,  # of all outputs, in their names
        "made_by": {
            language: msgspec.to_builtins(made)
            for language, made in zip(sorted(settings.reading.languages), made_by(settings), strict=True)
        },
        "extractor": extractor(),
        "settings": msgspec.to_builtins(settings),
        "inputs": len(objects),
        "holds": msgspec.to_builtins(held),
        "failed": msgspec.to_builtins(failures),
        "outputs": short(names),  # stands for the names in reports/
    }


def counts(reports: Iterable[ShardReport], *, beside: Counts | None = None) -> Counts:
    """What shards hold together, and what was held before."""
    start = beside or Counts()
    sums: dict[str, float] = defaultdict(float)
    refusals = Counter(start.refusals)
    shards = start.shards
    for report in reports:
        shards += 1
        for name in SUMMED:
            sums[name] += getattr(report, name)
        refusals.update(report.refusals)
    told: dict[str, Any] = {name: getattr(start, name) + sums[name] for name in SUMMED}
    told |= {name: int(told[name]) for name in SUMMED if name != "seconds"}
    told["seconds"] = round(told["seconds"], 3)
    return Counts(shards=shards, refusals=dict(sorted(refusals.items())), **told)


SUMMED = ("bytes", "articles", "statements", "speakers", "seconds")


def reports_of(out: Out, names: Iterable[str]) -> Iterator[ShardReport]:
    """The reports of finished shards, in order. Raises Unreachable."""

    def read(name: str) -> ShardReport | None:
        data = out.read(f"reports/{name}.json")
        return None if data is None else msgspec.json.decode(data, type=ShardReport)

    with ThreadPoolExecutor(READERS) as readers:
        yield from (report for report in readers.map(read, names) if report is not None)


def remove(out: Out, name: str) -> None:
    """Takes the output of a shard away, its report first: what has a report is whole. Raises ArchiveError."""
    try:
        data = out.read(f"reports/{name}.json")
        if data is None:
            return
        report = msgspec.json.decode(data, type=ShardReport)
        out.remove(f"reports/{name}.json")
        for file in files_of(name, report.parts):
            out.remove(file)
    except Unreachable as error:
        raise ArchiveError(
            "an earlier output cannot be removed", which=str(error), remedy="remove it by hand"
        ) from error
