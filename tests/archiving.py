"""What the tests of archives share: inputs of several kinds, and what an output says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onrecord.archive.report import ArchiveSettings, ShardReport
from onrecord.archive.shard import process_shard
from onrecord.archive.taken import taken
from onrecord.desk import Desk
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.types import Article, Record, Refusal

RULES = ArchiveSettings(reading=Settings(reader="rules"))  # no weights to load: quick
NAMES = ("Ana Roy", "Luc Bart", "Inès Morel", "Tom Ward")
FRENCH = "{who} a déclaré mardi que le pont numéro {n} rouvrirait avant l'été. « Les travaux avancent », a-t-elle dit."
ENGLISH = 'The mayor, {who}, said on Monday that bridge {n} would open again. "We are ready," she told reporters.'


def told(n: int, **more: Any) -> dict[str, Any]:
    """An article as a row; every third one in English, over four months and without a date now and then."""
    text = (ENGLISH if n % 3 == 0 else FRENCH).format(who=NAMES[n % len(NAMES)], n=n)
    row = {"id": f"a{n}", "text": text, "outlet": "Le Pont" if n % 2 else "The Bridge"}
    if n % 5:
        row["published"] = f"2024-0{1 + n % 4}-11"
    return row | more


def lines(numbers: Sequence[int], **more: Any) -> bytes:
    """Articles as JSON Lines."""
    return "".join(json.dumps(told(n, **more), ensure_ascii=False) + "\n" for n in numbers).encode()


def written(path: Path, numbers: Sequence[int], **more: Any) -> str:
    """A file of articles, in the form that its name says; its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist([told(n, **more) for n in numbers]), path, row_group_size=4)
    else:
        raw = lines(numbers, **more)
        path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return str(path)


def done(uri: str, out: Path | str, settings: ArchiveSettings = RULES) -> ShardReport:
    """A shard, read without an error."""
    report = process_shard(uri, str(out), settings)
    assert report.error is None
    return report


def read_directly(*paths: str, settings: Settings = RULES.reading) -> list[Record | Refusal]:
    """What inputs hold, read without an archive."""
    desk = Desk(settings)
    found = open_inputs(paths, settings)
    return [desk.read(one) if isinstance(one, Article) else one for one in found]


def parted(found: Sequence[Record | Refusal]) -> tuple[list[Record], list[Refusal]]:
    """The records and the refusals."""
    return [one for one in found if isinstance(one, Record)], [one for one in found if isinstance(one, Refusal)]


def held(out: Path | str) -> tuple[list[Record], list[Refusal]]:
    """The records and the refusals of an output."""
    return parted(list(taken(str(out))))


def files(out: Path) -> dict[str, bytes]:
    """Every Parquet file of an output with its bytes, by its place."""
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in sorted(out.rglob("*.parquet"))}
