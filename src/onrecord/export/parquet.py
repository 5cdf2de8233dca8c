"""Parquet, for DuckDB, Polars, Spark and pandas: `articles`, `statements` and `speakers`, one file each.

Spans are lists of `{start, end}`. Nothing is lost: `read` makes the records again. By `pyarrow`, an extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..errors import FormatError
from ..types import ROLES, Article, MadeBy, Record, Speaker, Statement, words_of

TABLES = ("articles", "statements", "speakers")
BATCH = 500  # records in memory before they are written
ARTICLE = ("id", "text", "language", "sha256", "title", "url", "outlet", "author", "published", "origin")
MADE = ("onrecord", "reader", "pack", "weights", "settings", "people")


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise FormatError("Parquet needs pyarrow", remedy='pip install "onrecord[parquet]"') from error
    return pyarrow


def schemas() -> dict[str, Any]:
    """The Arrow schema of each table."""
    pa = _arrow()
    text, whole = pa.string(), pa.int32()
    span = pa.struct([("start", whole), ("end", whole)])
    spans = pa.list_(span)
    reasons = pa.list_(pa.struct([("rule", text), ("evidence", text), ("span", span)]))
    identity = pa.struct([(name, text) for name in ("id", "name", "office", "country", "wikidata")])
    return {
        "articles": pa.schema([*((name, text) for name in ARTICLE), *((f"made_by_{name}", text) for name in MADE)]),
        "statements": pa.schema(
            [
                ("article", text), ("id", text), ("position", whole), *((role, spans) for role in ROLES),
                *((f"{role}_text", text) for role in ROLES), ("speaker", whole), ("speaker_name", text),
                ("unknown", text), ("candidates", pa.list_(text)), ("type", text), ("kind", text), ("act", text),
                ("negated", pa.bool_()), ("parent", text), ("confidence", pa.float64()), ("reasons", reasons),
                ("more", text),
            ]
        ),
        "speakers": pa.schema(
            [
                ("article", text), ("number", whole), ("name", text), ("type", text), ("named_at", span),
                ("office", span), ("office_text", text), ("affiliation", span), ("gender", text), ("mentions", spans),
                ("identity", identity), ("more", text),
            ]
        ),
    }  # fmt: skip


def write(records: Iterable[Record], folder: Path) -> int:
    """Writes the three files into a folder, which is made; how many records. They appear when they are whole."""
    pa = _arrow()
    folder.mkdir(parents=True, exist_ok=True)
    asides = {name: folder / f".{name}.parquet.part" for name in TABLES}
    writers = {
        name: pa.parquet.ParquetWriter(asides[name], schema, compression="zstd") for name, schema in schemas().items()
    }
    number = 0
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    try:
        for number, record in enumerate(records, 1):
            for name, found in rows_of(record).items():
                rows[name] += found
            if number % BATCH == 0:
                _flush(pa, writers, rows)
        _flush(pa, writers, rows)
    finally:
        for writer in writers.values():
            writer.close()
    for name, aside in asides.items():
        aside.replace(folder / f"{name}.parquet")
    return number


def _flush(pa: Any, writers: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    for name, schema in schemas().items():
        writers[name].write_table(pa.Table.from_pylist(rows[name], schema=schema))
        rows[name].clear()


def rows_of(record: Record) -> dict[str, list[dict[str, Any]]]:
    """The rows of a record, by table, as plain dicts."""
    article = record.article
    number = {speaker: n for n, speaker in enumerate(record.speakers)}
    told = {name: getattr(article, name) for name in ARTICLE}
    told |= {f"made_by_{name}": getattr(record.made_by, name) for name in MADE}
    return {
        "articles": [told],
        "statements": [_statement(article, s, n, number) for n, s in enumerate(record.statements)],
        "speakers": [_speaker(article, speaker, n) for speaker, n in number.items()],
    }


def _statement(article: Article, statement: Statement, position: int, number: dict[Speaker, int]) -> dict[str, Any]:
    speaker = statement.speaker
    row: dict[str, Any] = {"article": article.id, "id": statement.id, "position": position}
    row |= {role: [_span(span) for span in getattr(statement, role)] for role in ROLES}
    row |= {f"{role}_text": words_of(article, getattr(statement, role)) or None for role in ROLES}
    if isinstance(speaker, Speaker):
        row |= {"speaker": number[speaker], "speaker_name": speaker.name}
    else:
        row |= {"unknown": speaker.reason, "candidates": list(speaker.candidates)}
    names = ("type", "kind", "act", "negated", "parent", "confidence")
    row |= {name: getattr(statement, name) for name in names}
    row["reasons"] = [
        {"rule": r.rule, "evidence": r.evidence, "span": None if r.span is None else _span(r.span)}
        for r in statement.reasons
    ]
    row["more"] = _more(statement, {*ROLES, *names, "id", "speaker", "reasons"})
    return row


def _speaker(article: Article, speaker: Speaker, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"article": article.id, "number": number, "name": speaker.name, "type": speaker.type}
    for name in ("named_at", "office", "affiliation"):
        span = getattr(speaker, name)
        row[name] = None if span is None else _span(span)
    row["office_text"] = None if speaker.office is None else words_of(article, [speaker.office])
    row |= {"gender": speaker.gender, "mentions": [_span(span) for span in speaker.mentions]}
    row["identity"] = None if speaker.identity is None else msgspec.structs.asdict(speaker.identity)
    row["more"] = _more(speaker, {*row})
    return row


def _span(span: Any) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _more(thing: Statement | Speaker, known: set[str]) -> str | None:
    """JSON of the fields that have no column and are not what they are by default."""
    found = {
        field.name: getattr(thing, field.name)
        for field in msgspec.structs.fields(type(thing))
        if field.name not in known and getattr(thing, field.name) != field.default
    }
    return msgspec.json.encode(found).decode() if found else None


# --- and back ---------------------------------------------------------------------------------------------------------


def read(folder: Path) -> Iterator[Record]:
    """The records of a folder, in the order in which they were written. Raises FormatError where there are none."""
    pa = _arrow()
    try:
        files = {name: pa.parquet.ParquetFile(folder / f"{name}.parquet") for name in TABLES}
        for _, record in numbered(files):
            yield record
    except (OSError, ValueError, KeyError, pa.ArrowException, msgspec.MsgspecError) as error:
        raise FormatError(f"no records in Parquet ({error})", which=folder, remedy="see docs/formats.md") from error


def numbered(
    files: Mapping[str, Any], *, language: str | None = None, batch: int = BATCH
) -> Iterator[tuple[dict[str, Any], Record]]:
    """The records of three open Parquet files, each with its row among the articles, some in memory at a time.

    `language` is that of all, where their table has no such column. Raises what `pyarrow` and `msgspec` raise.
    """
    rest = {name: _groups(_rows(files[name], batch)) for name in TABLES[1:]}
    for row in _rows(files["articles"], batch):
        statements, speakers = (rest[name](row["id"]) for name in TABLES[1:])
        told = row if language is None else row | {"language": language}
        yield row, _record(told, statements, speakers)


def _rows(file: Any, size: int) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches(size):
        yield from batch.to_pylist()


def _groups(rows: Iterator[dict[str, Any]]) -> Any:
    """A function that gives the next rows as long as they are of the article that is asked for."""
    waiting: list[dict[str, Any]] = []

    def of(article: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            row = waiting.pop() if waiting else next(rows, None)
            if row is None:
                return found
            if row["article"] != article:
                waiting.append(row)
                return found
            found.append(row)

    return of


def _record(row: dict[str, Any], statements: list[dict[str, Any]], speakers: list[dict[str, Any]]) -> Record:
    article = msgspec.convert({name: row[name] for name in ARTICLE}, Article)
    made_by = msgspec.convert({name: row[f"made_by_{name}"] for name in MADE}, MadeBy)
    cast = tuple(msgspec.convert(_plain_speaker(one), Speaker) for one in speakers)
    told = tuple(msgspec.convert(_plain_statement(one, cast), Statement) for one in statements)
    return Record(article=article, statements=told, speakers=cast, made_by=made_by)


def _pair(span: dict[str, int] | None) -> list[int] | None:
    return None if span is None else [span["start"], span["end"]]


def _plain_speaker(row: dict[str, Any]) -> dict[str, Any]:
    more = msgspec.json.decode(row["more"]) if row["more"] else {}
    told = {name: row[name] for name in ("name", "type", "gender", "identity")} | {"known_as": "speaker"}
    told |= {name: _pair(row[name]) for name in ("named_at", "office", "affiliation")}
    return told | {"mentions": [_pair(span) for span in row["mentions"]]} | more


def _plain_statement(row: dict[str, Any], cast: tuple[Speaker, ...]) -> dict[str, Any]:
    more = msgspec.json.decode(row["more"]) if row["more"] else {}
    told = {name: row[name] for name in ("id", "type", "kind", "act", "negated", "parent", "confidence")}
    told |= {role: [_pair(span) for span in row[role]] for role in ROLES}
    if row["speaker"] is None:
        told["speaker"] = {"known_as": "unknown", "reason": row["unknown"], "candidates": row["candidates"] or []}
    else:
        told["speaker"] = msgspec.to_builtins(cast[row["speaker"]])
    told["reasons"] = [reason | {"span": _pair(reason["span"])} for reason in row["reasons"]]
    return told | more
