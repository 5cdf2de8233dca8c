"""Tables with an article a row: CSV and TSV, and Parquet by `pyarrow`, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from itertools import chain
from typing import Any, BinaryIO

from .dates import sensible
from .decode import decode
from .extras import need
from .found import Found, NotRead, NotText
from .jsonlines import WIDE, article_of

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
BUFFER_BYTES = 1 << 20  # of a column that is read at once; without, a whole row group of texts
SHORT_BYTES = 32 << 20  # of a CSV file that is read as a whole
SAMPLE_BYTES = 1 << 20  # of a longer one, to see whether it is text at all

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


def read_csv(stream: BinaryIO, *, origin: str, columns: Columns | None = None) -> Iterator[Found | NotRead]:
    """The article of each row below a header. Commas, semicolons, tabs or bars part the cells."""
    lines = _lines(stream)
    if isinstance(lines, NotText):
        yield lines.at(origin)
        return
    first = next(lines, "")
    csv.field_size_limit(MAX_CELL_CHARS)
    rows = csv.reader(chain((first,), lines), delimiter=_delimiter(first))
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


def _lines(stream: BinaryIO) -> Iterator[str] | NotText:
    """The lines of a text. Of a short one the whole tells the encoding, of a long one each line for itself."""
    head = stream.read(SHORT_BYTES + 1)
    if len(head) <= SHORT_BYTES:
        text = decode(head)
        return text if isinstance(text, NotText) else StringIO(text, newline="")
    if head.startswith(WIDE):
        return NotText("too_long", f"it is in UTF-16 and longer than {SHORT_BYTES >> 20} MB; save it as UTF-8")
    sample = decode(head[: head.rfind(b"\n", 0, SAMPLE_BYTES) + 1])
    return sample if isinstance(sample, NotText) else _long_lines(head, stream)


def _long_lines(head: bytes, stream: BinaryIO) -> Iterator[str]:
    whole, _, rest = head.rpartition(b"\n")
    for line in whole.split(b"\n"):
        yield _line(line) + "\n"
    while more := stream.readline(MAX_CELL_CHARS):
        yield _line(rest + more)
        rest = b""
    if rest:
        yield _line(rest)


def _line(raw: bytes) -> str:
    """The text of a line; a line that is no text stays in, for the row that it stands in to be refused."""
    text = decode(raw)
    return raw.decode("latin-1") if isinstance(text, NotText) else text


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
            yield _article({field: row[n] for field, n in at.items() if n < len(row) and row[n]}, where)
    if empty:
        yield NotRead(origin=origin, reason="empty", message="there is no row below its header")


def _article(told: dict[str, Any], where: str) -> Found | NotRead:
    published = told.get("published")
    return article_of(told | {"published": sensible(str(published)) if published else None}, where)


def _delimiter(first: str) -> str:
    """The sign that parts the cells of the first line."""
    return max(",;\t|", key=lambda sign: (first.count(sign), sign == ","))


def read_parquet(
    stream: BinaryIO, *, origin: str, columns: Columns | None = None, groups: range | None = None
) -> Iterator[Found | NotRead]:
    """The article of each row, some hundred rows in memory; of some row groups alone where they are named.

    Rows are numbered over the whole file all the same. Raises IntakeError where `pyarrow` is missing.
    """
    parquet = need("pyarrow.parquet", "parquet", "Parquet files")
    arrow = need("pyarrow", "parquet", "Parquet files")
    try:
        file = parquet.ParquetFile(stream, buffer_size=BUFFER_BYTES, pre_buffer=False)
        names = columns_of(file.schema_arrow.names, columns)
    except (arrow.ArrowException, OSError, ValueError) as error:
        yield NotRead(origin=origin, reason="malformed", message=f"the file cannot be read ({error})")
        return
    if isinstance(names, NotText):
        yield names.at(origin)
        return
    wanted = range(file.num_row_groups) if groups is None else groups
    number = sum(file.metadata.row_group(group).num_rows for group in range(wanted.start))
    for group in wanted:
        try:
            for batch in file.iter_batches(ROWS, row_groups=[group], columns=sorted(set(names.values()))):
                cells = {field: batch.column(name) for field, name in names.items()}
                for row in range(batch.num_rows):
                    number += 1
                    yield _article({field: _plain(cell[row]) for field, cell in cells.items()}, f"{origin}:{number}")
        except (arrow.ArrowException, OSError, ValueError, KeyError) as error:
            message = f"row group {group} cannot be read ({error}); the others are"
            yield NotRead(origin=f"{origin}:{number + 1}", reason="malformed", message=message)


def _plain(cell: Any) -> Any:
    """A value of a cell as JSON would have it: dates as ISO 8601, lists joined; None for what cannot be one.

    A text in bytes that are not UTF-8 cannot, nor the year 290,000.
    """
    try:
        value = cell.as_py()
    except (ValueError, OverflowError):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
