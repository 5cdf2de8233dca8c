"""The inputs of a run: files, folders and standard input, in order, each read on its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import cast

from ..errors import IntakeError
from ..settings import Settings
from ..types import Article, Refusal
from .article import Registrar
from .found import Found, NotRead, NotText
from .html import read_html
from .jsonlines import read_document, read_lines
from .kinds import KINDS, InputKind, kind_of
from .plain import read_plain

STDIN = "-"
MAX_FILE_BYTES = 32 << 20  # of an HTML page or a JSON document, held in memory as a whole; JSON Lines have no limit
MAX_BYTES_A_CHAR = 4  # in UTF-8, UTF-16 and UTF-32
MAX_COUNTED_BYTES = 256 << 20  # JSON Lines longer than this are not counted beforehand: it would take seconds
HEAD_BYTES = 4096  # looked at to tell the kind of an input


def open_inputs(
    inputs: Sequence[str], settings: Settings, *, language: str | None = None
) -> Iterator[Article | Refusal]:
    """The articles of files, folders (in sorted order) and standard input ("-"), with a refusal for each not read.

    `language` overrides what inputs say and what their text looks like. Raises IntakeError, before anything is read,
    when an input does not exist.
    """
    for name in inputs:
        _check(name)
    return _articles(inputs, Registrar(settings, language=language), settings)


def count_inputs(inputs: Sequence[str]) -> int | None:
    """About how many articles there are, for a progress bar; None where only reading would tell."""
    total = 0
    for name in inputs:
        if name == STDIN:
            return None
        for path in _files(Path(name)):
            if isinstance(path, NotRead):
                total += 1
                continue
            count = _count(path)
            if count is None:
                return None
            total += count
    return total


def _check(name: str) -> None:
    if name == STDIN:
        return
    if name.startswith(("http://", "https://")):
        raise IntakeError("pages are not fetched", which=name, remedy="save the page and give its file")
    if not name or "\x00" in name or not os.path.lexists(name):
        raise IntakeError("no such file or folder", which=name, remedy="check the spelling of the path")


def _articles(inputs: Sequence[str], registrar: Registrar, settings: Settings) -> Iterator[Article | Refusal]:
    for name in inputs:
        for found in _read_input(name, settings):
            yield registrar.register(found)


def _read_input(name: str, settings: Settings) -> Iterator[Found | NotRead]:
    if name == STDIN:
        yield from _read_stdin(settings)
        return
    for path in _files(Path(name)):
        if isinstance(path, NotRead):
            yield path
        else:
            yield from _read_file(path, settings)


def _read_stdin(settings: Settings) -> Iterator[Found | NotRead]:
    stream: BufferedReader = BufferedReader(cast("RawIOBase", sys.stdin.buffer))
    try:
        yield from _read_stream(stream, origin=STDIN, suffix="", settings=settings)
    finally:
        stream.detach()  # standard input stays open: it is not ours to close


def _files(path: Path) -> Iterator[Path | NotRead]:
    """The path itself, or the files of a folder and of those in it, in sorted order, hidden ones left out."""
    if not path.is_dir():
        yield path
        return
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(path, error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and entry.is_symlink():
            continue  # a link to a folder may lead in a circle
        yield from _files(entry)


def _read_file(path: Path, settings: Settings) -> Iterator[Found | NotRead]:
    origin = path.as_posix()
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size if path.is_file() else None
            yield from _read_stream(stream, origin=origin, suffix=path.suffix, settings=settings, size=size)
    except OSError as error:
        yield _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> NotRead:
    why = error.strerror or str(error)
    return NotRead(
        origin=path.as_posix(), reason="unreadable", message=f"it cannot be opened ({why}); check its permissions"
    )


def _read_stream(
    stream: BufferedReader, *, origin: str, suffix: str, settings: Settings, size: int | None = None
) -> Iterator[Found | NotRead]:
    kind = kind_of(suffix, stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    if isinstance(kind, NotText):
        yield kind.at(origin)
    elif kind == "jsonl":
        yield from read_lines(stream, origin=origin)
    else:
        most = _most_bytes(kind, settings)
        raw = b"" if size is not None and size > most else stream.read(most + 1)
        if len(raw) > most or (size is not None and size > most):
            yield _too_long(origin, most)
        else:
            yield from WHOLE[kind](raw, origin)


def _most_bytes(kind: InputKind, settings: Settings) -> int:
    """Bytes above which an input of this kind is not read."""
    return settings.max_article_chars * MAX_BYTES_A_CHAR + MAX_BYTES_A_CHAR if kind == "plain" else MAX_FILE_BYTES


def _too_long(origin: str, most: int) -> NotRead:
    message = f"it is longer than {most} bytes; split it, or give JSON Lines with one article a line"
    return NotRead(origin=origin, reason="too_long", message=message)


WHOLE: dict[str, Callable[[bytes, str], Iterator[Found | NotRead]]] = {
    "plain": lambda raw, origin: iter((read_plain(raw, origin=origin),)),
    "html": lambda raw, origin: iter((read_html(raw, origin=origin),)),
    "json": lambda raw, origin: read_document(raw, origin=origin),
}


def _count(path: Path) -> int | None:
    """Articles in a file: lines of JSON Lines, else one; None for a pipe or a very long file."""
    if not path.is_file():
        return None
    if KINDS.get(path.suffix.lower()) != "jsonl":
        return 1
    try:
        if path.stat().st_size > MAX_COUNTED_BYTES:
            return None
        with path.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError:
        return 1
