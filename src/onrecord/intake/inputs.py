"""The inputs of a run: files, folders and standard input, in order, each read on its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import cast

import msgspec

from ..errors import IntakeError
from ..settings import Settings
from ..types import Article, Refusal
from .article import Registrar
from .feed import read_feed
from .fetch import Fetched, Fetcher, FetchSettings, Unchanged
from .found import Found, NotRead, NotText
from .html import read_html
from .jsonlines import read_document, read_lines
from .kinds import KINDS, InputKind, kind_of, kind_of_answer
from .mail import read_mail
from .packed import ERRORS as PACKING_ERRORS
from .packed import Bomb, packing_of, unpacked, unpacked_lines
from .pdf import read_pdf
from .plain import read_plain
from .table import FIELDS, read_csv, read_parquet
from .visits import Visits
from .warc import read_warc

STDIN = "-"
MAX_FILE_BYTES = 32 << 20  # of an HTML page or a JSON document, held in memory as a whole; JSON Lines have no limit
MAX_LIST_BYTES = 1 << 20  # of a list of addresses
WHOLE_CHARS = 1_500  # of an entry of a feed, from which on it is the article and no teaser
MAX_BYTES_A_CHAR = 4  # in UTF-8, UTF-16 and UTF-32
MAX_COUNTED_BYTES = 256 << 20  # JSON Lines longer than this are not counted beforehand: it would take seconds
HEAD_BYTES = 4096  # looked at to tell the kind of an input


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How inputs are taken."""

    settings: Settings
    columns: Mapping[str, str] | None = None
    fetcher: Fetcher | None = None  # None where addresses are not fetched
    groups: range | None = None  # of a Parquet file, the row groups that are read; None for all


def open_inputs(  # noqa: PLR0913 - what to take, and how
    inputs: Sequence[str],
    settings: Settings,
    *,
    language: str | None = None,
    columns: Mapping[str, str] | None = None,
    fetch: FetchSettings | None = None,
    visits: Visits | None = None,
) -> Iterator[Article | Refusal]:
    """The articles of files, folders (in sorted order), standard input ("-") and addresses; refusals for the rest.

    `language` overrides what inputs say and what their text looks like. `columns` says which column of a table holds
    which field ({"text": "body"}). With `fetch` addresses are fetched, and what feeds link to; `visits` tells
    which feeds are known, which give nothing while they stay as they are. Raises IntakeError,
    before anything is read, when an input does not exist.
    """
    for name in inputs:
        _check(name, fetches=fetch is not None)
    unknown = set(columns or ()) - set(FIELDS)
    if unknown:
        raise IntakeError(f"no field {min(unknown)!r} of an article", remedy=f"fields are {', '.join(FIELDS)}")
    ways = Ways(settings=settings, columns=columns, fetcher=None if fetch is None else Fetcher(fetch, visits))
    return _articles(inputs, Registrar(settings, language=language), ways)


def read_object(stream: BufferedReader, ways: Ways, *, origin: str, name: str, size: int) -> Iterator[Found | NotRead]:
    """What an open input holds, wherever it comes from; it can be sought in. `name` tells its kind, `origin` is cited.

    What `stream` raises that is no OSError is raised here, too.
    """
    try:
        yield from _read_stream(stream, origin=origin, name=name, ways=ways, size=size)
    except IntakeError as error:
        yield _lacking(origin, error)


def count_inputs(inputs: Sequence[str]) -> int | None:
    """About how many articles there are, for a progress bar; None where only reading would tell."""
    total = 0
    for name in inputs:
        if name == STDIN or is_address(name):
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


def is_address(name: str) -> bool:
    """Whether an input is an address of the web and no file."""
    return name.startswith(("http://", "https://"))


def _check(name: str, *, fetches: bool) -> None:
    if name == STDIN:
        return
    if is_address(name):
        if not fetches:
            raise IntakeError("addresses are not fetched unless asked", which=name, remedy="add --fetch")
        return
    if not name or "\x00" in name or not os.path.lexists(name):
        raise IntakeError("no such file or folder", which=name, remedy="check the spelling of the path")


def _articles(inputs: Sequence[str], registrar: Registrar, ways: Ways) -> Iterator[Article | Refusal]:
    for name in inputs:
        for found in _read_input(name, ways):
            yield registrar.register(found)


def _read_input(name: str, ways: Ways) -> Iterator[Found | NotRead]:
    if name == STDIN or is_address(name):
        try:
            yield from _read_stdin(ways) if name == STDIN else _read_address(name, ways)
        except IntakeError as error:
            yield _lacking(name, error)
    else:
        for path in _files(Path(name)):
            if isinstance(path, NotRead):
                yield path
            else:
                yield from _read_file(path, ways)


def _read_address(url: str, ways: Ways) -> Iterator[Found | NotRead]:
    assert ways.fetcher is not None  # noqa: S101 - checked before
    fetched = ways.fetcher.fetch(url)
    if isinstance(fetched, Unchanged):
        ways.fetcher.visits.unchanged += 1
        return
    if isinstance(fetched, NotRead):
        yield fetched
        return
    kind = kind_of_answer(fetched.kind, fetched.raw[:HEAD_BYTES])
    if isinstance(kind, NotText):
        yield kind.at(url)
    elif kind == "feed":
        yield from _read_fetched_feed(fetched, url, ways.fetcher, ways)
    else:
        for found in _read_whole(fetched.raw, kind, url, ways):
            is_page = kind == "html" and isinstance(found, Found)
            yield msgspec.structs.replace(found, id=fetched.url, url=fetched.url) if is_page else found


def _read_fetched_feed(fetched: Fetched, url: str, fetcher: Fetcher, ways: Ways) -> Iterator[Found | NotRead]:
    """The entries of a feed, which is known from now on where nothing of it, and nothing it links to, was missed."""
    failures = fetcher.failures
    is_whole = True
    for found in _read_whole(fetched.raw, "feed", url, ways):
        is_whole = is_whole and isinstance(found, Found)
        yield found
    if is_whole and fetcher.failures == failures:
        fetcher.visits.take(fetched.url, fetched.validators)


def _read_stdin(ways: Ways) -> Iterator[Found | NotRead]:
    stream: BufferedReader = BufferedReader(cast("RawIOBase", sys.stdin.buffer))
    try:
        yield from _read_stream(stream, origin=STDIN, name="", ways=ways)
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


def _read_file(path: Path, ways: Ways) -> Iterator[Found | NotRead]:
    origin = path.as_posix()
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size if path.is_file() else None
            yield from _read_stream(stream, origin=origin, name=path.name, ways=ways, size=size)
    except OSError as error:
        yield _unreadable(path, error)
    except IntakeError as error:
        yield _lacking(origin, error)


def _lacking(origin: str, error: IntakeError) -> NotRead:
    """A library that is not installed costs what needs it, not the run."""
    return NotRead(origin=origin, reason="unsupported", message=f"{error.message} — {error.remedy}")


def _unreadable(path: Path, error: OSError) -> NotRead:
    why = error.strerror or str(error)
    return NotRead(
        origin=path.as_posix(), reason="unreadable", message=f"it cannot be opened ({why}); check its permissions"
    )


def _read_stream(
    stream: BufferedReader, *, origin: str, name: str, ways: Ways, size: int | None = None
) -> Iterator[Found | NotRead]:
    packing = packing_of(stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    if packing is not None and ".warc" not in name.lower():
        yield from _read_packed(stream, packing, origin=origin, name=name, ways=ways)
        return
    suffix = ".warc" if packing is not None else Path(name).suffix
    kind = kind_of(suffix, stream.peek(HEAD_BYTES)[:HEAD_BYTES])
    if isinstance(kind, NotText):
        yield kind.at(origin)
    elif kind == "jsonl":
        yield from read_lines(stream, origin=origin)
    elif kind == "warc":
        yield from read_warc(stream, origin=origin)
    elif kind == "csv":
        yield from read_csv(stream, origin=origin, columns=ways.columns)
    elif kind == "parquet" and size is not None:  # looks at its end first, as only a file can
        yield from read_parquet(stream, origin=origin, columns=ways.columns, groups=ways.groups)
    else:
        most = _most_bytes(kind, ways.settings)
        raw = b"" if size is not None and size > most else stream.read(most + 1)
        if len(raw) > most or (size is not None and size > most):
            yield _too_long(origin, most)
        else:
            yield from _read_whole(raw, kind, origin, ways)


def _read_packed(
    stream: BufferedReader, packing: str, *, origin: str, name: str, ways: Ways
) -> Iterator[Found | NotRead]:
    """What is inside a compressed file, up to the same bounds; what was read before a damage stays."""
    is_lines = KINDS.get(Path(Path(name).stem).suffix.lower()) == "jsonl"
    if packing == ".gz" and is_lines and stream.seekable():
        yield from _read_packed_lines(stream, origin=origin)
        return
    inner = unpacked(stream, packing)
    try:
        if packing_of(inner.peek(HEAD_BYTES)[:HEAD_BYTES]) is not None:
            yield NotRead(origin=origin, reason="unsupported", message="it is compressed twice; unpack it first")
            return
        yield from _read_stream(inner, origin=origin, name=Path(name).stem, ways=ways)
    except Bomb as error:
        yield NotRead(origin=origin, reason="too_long", message=str(error))
    except PACKING_ERRORS as error:
        message = f"the compressed file is damaged or cut off ({error}); what stands before that was read"
        yield NotRead(origin=origin, reason="malformed", message=message)


def _read_packed_lines(stream: BufferedReader, *, origin: str) -> Iterator[Found | NotRead]:
    """The lines of JSON Lines in gzip; a damage costs the member it stands in."""
    inner, damages = unpacked_lines(stream)
    try:
        yield from read_lines(inner, origin=origin)
    except Bomb as error:
        yield NotRead(origin=origin, reason="too_long", message=str(error))
    for damage in damages:
        yield NotRead(origin=origin, reason="malformed", message=damage)


def _read_whole(raw: bytes, kind: InputKind, origin: str, ways: Ways) -> Iterator[Found | NotRead]:
    """The articles of an input that is in memory."""
    if kind == "plain":
        addresses = _addresses(raw) if ways.fetcher is not None else []
        for address in addresses:
            yield from _read_address(address, ways)
        if not addresses:
            yield read_plain(raw, origin=origin)
    elif kind == "html":
        yield read_html(raw, origin=origin)
    elif kind == "mail":
        yield read_mail(raw, origin=origin)
    elif kind == "pdf":
        yield read_pdf(raw, origin=origin)
    elif kind == "parquet":
        yield from read_parquet(BytesIO(raw), origin=origin, columns=ways.columns)
    elif kind == "feed":
        yield from (_followed(found, ways) for found in read_feed(raw, origin=origin))
    else:
        yield from read_document(raw, origin=origin)


def _addresses(raw: bytes) -> list[str]:
    """The addresses of a list of them, one a line, # before remarks; none for any other text."""
    if not raw.lstrip().startswith((b"http://", b"https://", b"#")) or len(raw) > MAX_LIST_BYTES:
        return []
    lines = [line.strip() for line in raw.decode("utf-8", "replace").splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    return found if all(is_address(line) and " " not in line for line in found) else []


def _followed(found: Found | NotRead, ways: Ways) -> Found | NotRead:
    """The whole article where a feed has only its beginning and links to it; what the feed has where that fails."""
    if isinstance(found, NotRead) or ways.fetcher is None or found.url is None or len(found.text) >= WHOLE_CHARS:
        return found
    fetched = ways.fetcher.fetch(found.url)
    if not isinstance(fetched, Fetched) or kind_of_answer(fetched.kind, fetched.raw[:HEAD_BYTES]) != "html":
        return found
    page = read_html(fetched.raw, origin=found.origin)
    if isinstance(page, NotRead) or len(page.text) <= len(found.text):
        return found
    told = {
        field: getattr(found, field) or getattr(page, field) for field in ("id", "url", "outlet", "published", "author")
    }
    return msgspec.structs.replace(page, **told)


def _most_bytes(kind: InputKind, settings: Settings) -> int:
    """Bytes above which an input of this kind is not read."""
    return settings.max_article_chars * MAX_BYTES_A_CHAR + MAX_BYTES_A_CHAR if kind == "plain" else MAX_FILE_BYTES


def _too_long(origin: str, most: int) -> NotRead:
    message = f"it is longer than {most} bytes; split it, or give JSON Lines with one article a line"
    return NotRead(origin=origin, reason="too_long", message=message)


def _count(path: Path) -> int | None:
    """Articles in a file: lines of JSON Lines, else one; None for a pipe or a very long file."""
    if not path.is_file():
        return None
    kind = KINDS.get(path.suffix.lower())
    if kind in {"csv", "parquet", "warc", "feed"} or path.suffix.lower() in {".gz", ".bz2", ".xz"}:
        return None
    if kind != "jsonl":
        return 1
    try:
        if path.stat().st_size > MAX_COUNTED_BYTES:
            return None
        with path.open("rb") as stream:
            return sum(1 for line in stream if line.strip())
    except OSError:
        return 1
