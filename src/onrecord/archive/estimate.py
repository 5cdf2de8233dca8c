"""What a run will take, by a sample: articles, core hours, and bytes of output."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..types import Article, Record
from .naming import desk_of, parted
from .output import Spool, write
from .places import Out, describe, opened
from .plan import Plan, Shard, bytes_of
from .report import ArchiveSettings
from .shard import articles, metadata_of, read_safely

SHARDS = 4  # that are looked into, from the largest to the smallest
SAMPLE_BYTES = 2 << 20  # of each, as they are stored; enough for the buffers not to count
LISTED = 600  # articles of each at most, to tell how long it takes to get at them
READ = 100  # of these that are read for statements


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a run will take, about."""

    shards: int
    finished_before: int
    bytes: int
    articles: int
    statements: int
    refused: int
    core_hours: float
    output_bytes: int
    sampled: int  # articles that the rest is told from


class _Sample(msgspec.Struct):
    """What a part of a shard held, and how long it took."""

    bytes: float = 0.0
    listed: int = 0
    refused: int = 0
    intake_s: float = 0.0
    read: int = 0
    statements: int = 0
    reading_s: float = 0.0
    output_bytes: int = 0


def estimate(plan: Plan, settings: ArchiveSettings) -> Estimate:
    """Reads a sample and says what the rest will take. Raises Unreachable."""
    samples = [_sample(shard, settings) for shard in _spread(plan.todo)]
    total = bytes_of(plan.todo)
    seen = sum(sample.bytes for sample in samples)
    scale = total / seen if seen else 0.0
    listed = sum(sample.listed for sample in samples)
    read = sum(sample.read for sample in samples)
    each = 1 / read if read else 0.0
    reading_s = sum(sample.reading_s for sample in samples) * each * listed
    return Estimate(
        shards=len(plan.todo), finished_before=len(plan.done), bytes=total, articles=round(listed * scale),
        statements=round(sum(sample.statements for sample in samples) * each * listed * scale),
        refused=round(sum(sample.refused for sample in samples) * scale),
        core_hours=round((sum(sample.intake_s for sample in samples) + reading_s) * scale / 3600, 5),
        output_bytes=round(sum(sample.output_bytes for sample in samples) * each * listed * scale), sampled=read,
    )  # fmt: skip


def _spread(shards: Sequence[Shard]) -> list[Shard]:
    """Some of them, evenly over an order."""
    many = min(SHARDS, len(shards))
    return [shards[n * len(shards) // many] for n in range(many)]


def _sample(shard: Shard, settings: ArchiveSettings) -> _Sample:
    sample = _Sample()
    address, groups = parted(shard.uri)
    object = describe(address)
    found: list[Article] = []
    began = time.process_time()
    with opened(address) as stream:
        ended = True
        for one in articles(stream, object, groups, settings):
            if isinstance(one, Article):
                found.append(one)
            else:
                sample.refused += 1
            if len(found) + sample.refused >= LISTED or stream.raw.count >= SAMPLE_BYTES:
                ended = False
                break
        taken = stream.raw.count
    sample.intake_s = time.process_time() - began
    sample.listed = len(found)
    sample.bytes = shard.bytes if ended else min(float(taken), shard.bytes)
    if address.endswith(".parquet") and not ended:  # its end tells how many rows there are
        metadata = metadata_of(object)
        wanted = range(metadata.num_row_groups) if groups is None else groups
        rows = sum(metadata.row_group(group).num_rows for group in wanted)
        sample.bytes = shard.bytes * (len(found) + sample.refused) / max(rows, 1)
    _read(sample, found, settings)
    return sample


def _read(sample: _Sample, found: list[Article], settings: ArchiveSettings) -> None:
    desk = desk_of(settings.reading)
    few = found[:: max(1, len(found) // READ)][:READ]
    if few:
        list(read_safely(desk, few[:1]))  # loads what is loaded once
    began = time.process_time()
    records = [record for record in read_safely(desk, few) if isinstance(record, Record)]
    sample.read = len(records)
    sample.statements = sum(len(record.statements) for record in records)
    spool = Spool()
    try:
        # As of one month: a few articles in many parts would weigh what their files weigh
        for record in records:
            spool.add(msgspec.structs.replace(record, article=msgspec.structs.replace(record.article, published=None)))
        with tempfile.TemporaryDirectory() as folder:
            write(spool, Out(folder), "sample")
            sample.output_bytes = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
    finally:
        spool.close()
    sample.reading_s = time.process_time() - began
