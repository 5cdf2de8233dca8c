"""Tables with an article a row: CSV and TSV, and Parquet by `pyarrow`, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, BinaryIO

from .decode import decode
from .extras import need
from .found import Found, NotRead, NotText
from .jsonlines import article_of

FIELDS = ("id", "text", "title", "url", "outlet", "author", "published", "language")
# What these fields are called elsewhere, in lower case
OTHER_NAMES = {
    "text": ("body", "content", "article", "maintext", "texte", "contenu", "plain_text", "articlebody", "full_text"),
    "title": ("headline", "titre", "headlines"),
    "url": ("link", "lien", "source_url", "permalink", "uri"),
    "outlet": (
        "source",
        "publisher",
        "media",
        "newspaper",
        "journal",
        "source_name",
        "site",
        "domain",
        "source_domain",
    ),
    "author": ("authors", "byline", "auteur"),
    "published": ("date", "publication_date", "date_publish", "published_at", "publish_date", "pubdate", "datetime"),
    "language": ("lang", "langue", "language_code"),
    "id": ("article_id", "doc_id", "document_id", "uid", "guid"),
}
MAX_CELL_CHARS = 16 << 20
ROWS = 256  # of Parquet, in memory at once

Columns = Mapping[str, str]


def columns_of(names: Sequence[str], wanted: Columns | None) -> dict[str, str] | NotText:
    """Which column holds which field: as wanted, else by their names; NotText where there is no text."""
    found: dict[str, str] = {}
    by_name = {name.strip().lower(): name for name in reversed(names)}
    for field in FIELDS:
        for name in (field, *OTHER_NAMES.get(field, ())):
            if name in by_name:
                found[field] = by_name[name]
                break
    for field, name in (wanted or {}).items():
        if name not in names:
            return NotText("malformed", f"no column {name!r}; there are: {', '.join(names)}")
        found[field] = name
    if "text" not in found:
        there = ", ".join(names) or "none"
        return NotText("malformed", f"no column of texts among: {there}; name it: --columns text=NAME")
    return found


def read_csv(raw: bytes, *, origin: str, columns: Columns | None = None) -> Iterator[Found | NotRead]:
    """The article of each row below a header. Commas, semicolons, tabs or bars part the cells."""
    text = decode(raw)
    if isinstance(text, NotText):
        yield text.at(origin)
        return
    csv.field_size_limit(MAX_CELL_CHARS)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next(rows, [])
    except csv.Error as error:
        yield NotRead(origin=origin, reason="malformed", message=f"its header cannot be read ({error})")
        return
    names = columns_of(header, columns)
    if isinstance(names, NotText):
        yield names.at(origin)
        return
    yield from _rows(rows, header, names, origin)


def _rows(rows: Any, header: Sequence[str], names: dict[str, str], origin: str) -> Iterator[Found | NotRead]:
    at = {field: header.index(name) for field, name in names.items()}
    empty = True
    while True:
        where = f"{origin}:{rows.line_num + 1}"
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield NotRead(origin=where, reason="malformed", message=f"the row cannot be read ({error})")
            continue
        if row is None:
            break
        if any(cell.strip() for cell in row):
            empty = False
            yield article_of({field: row[n] for field, n in at.items() if n < len(row) and row[n]}, where)
    if empty:
        yield NotRead(origin=origin, reason="empty", message="there is no row below its header")


def _delimiter(text: str) -> str:
    """The sign that parts the cells of the first line."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=lambda sign: (first.count(sign), sign == ","))


def read_parquet(stream: BinaryIO, *, origin: str, columns: Columns | None = None) -> Iterator[Found | NotRead]:
    """The article of each row, some hundred rows in memory. Raises IntakeError where `pyarrow` is missing."""
    parquet = need("pyarrow.parquet", "parquet", "Parquet files")
    arrow = need("pyarrow", "parquet", "Parquet files")
    try:
        file = parquet.ParquetFile(stream)
        names = columns_of(file.schema_arrow.names, columns)
    except (arrow.ArrowException, OSError, ValueError) as error:
        yield NotRead(origin=origin, reason="malformed", message=f"the file cannot be read ({error})")
        return
    if isinstance(names, NotText):
        yield names.at(origin)
        return
    number = 0
    for group in range(file.num_row_groups):
        try:
            for batch in file.iter_batches(ROWS, row_groups=[group], columns=sorted(set(names.values()))):
                for row in batch.to_pylist():
                    number += 1
                    told = {field: _plain(row[name]) for field, name in names.items() if row[name] is not None}
                    yield article_of(told, f"{origin}:{number}")
        except (arrow.ArrowException, OSError, ValueError) as error:
            message = f"row group {group} cannot be read ({error}); the others are"
            yield NotRead(origin=f"{origin}:{number + 1}", reason="malformed", message=message)


def _plain(value: Any) -> Any:
    """A value of a cell as JSON would have it: dates as ISO 8601, lists joined."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
