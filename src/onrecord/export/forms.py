"""The forms in which records are written for others to read, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from ..errors import SettingsError
from ..types import Record


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form: pieces of text, or files in a folder."""

    what: str  # for the help
    pieces: Callable[[Iterable[Record]], Iterator[str]] | None = None
    files: Callable[[Iterable[Record], Path], int] | None = None


def _jsonl(records: Iterable[Record]) -> Iterator[str]:
    from .jsonform import encode

    return (encode(record) + "\n" for record in records)


def _csv(records: Iterable[Record]) -> Iterator[str]:
    from .csvform import table

    yield table(())
    for record in records:
        yield table([record], header=False)


def _gold(records: Iterable[Record]) -> Iterator[str]:
    from .gold import line

    return (line(record, attitudes=True) + "\n" for record in records)


def _webannotation(records: Iterable[Record]) -> Iterator[str]:
    from .webannotation import page

    return page(records)


def _schemaorg(records: Iterable[Record]) -> Iterator[str]:
    from .schemaorg import graph

    return graph(records)


def _tei(records: Iterable[Record]) -> Iterator[str]:
    from .tei import corpus

    return corpus(records)


def _brat(records: Iterable[Record], folder: Path) -> int:
    from .brat import write

    return write(records, folder)


def _parquet(records: Iterable[Record], folder: Path) -> int:
    from .parquet import write

    return write(records, folder)


def write_folder(form: str, records: Iterable[Record], folder: str | None) -> int:
    """Writes a form of several files into a folder; how many records. Raises SettingsError without a folder for it."""
    files = FORMS[form].files
    if folder in (None, "-") or Path(str(folder)).is_file():
        raise SettingsError(f"{form} is a folder of files", which=folder, remedy="name one: -o FOLDER")
    assert files is not None  # noqa: S101 - the caller asks for forms of several files
    try:
        return files(records, Path(str(folder)))
    except OSError as error:
        raise SettingsError(f"cannot write ({error.strerror})", which=folder, remedy="choose another folder") from error


FORMS: dict[str, Form] = {
    "jsonl": Form(what="native: nothing is lost", pieces=_jsonl),
    "csv": Form(what="a row a statement", pieces=_csv),
    "webannotation": Form(what="W3C Web Annotation, JSON-LD", pieces=_webannotation),
    "schemaorg": Form(what="schema.org Quotation and Claim, JSON-LD", pieces=_schemaorg),
    "tei": Form(what="TEI P5 with said", pieces=_tei),
    "gold": Form(what="annotated documents, to score", pieces=_gold),
    "parquet": Form(what="a folder for DuckDB, Polars, Spark; nothing is lost", files=_parquet),
    "brat": Form(what="a folder for the annotation tool brat", files=_brat),
}
