"""Where inputs and outputs lie: any file system that fsspec knows, with one kind of error for all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any

import msgspec

from ..errors import OnRecordError
from ..intake.extras import need
from ..types import digest

BUFFER_BYTES = 256 << 10
MESSAGE_CHARS = 200  # of what a library says
# Of connections to object stores, in seconds: a store that does not answer is told, not waited for. s3fs makes five
# tries, each of as many as stand here, so that a store which is silent is given up after some four minutes.
CONNECT_S, READ_S, REQUESTS = 5, 15, 3
S3 = {"connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": {"total_max_attempts": REQUESTS}}
STORES = {protocol: {"config_kwargs": S3} for protocol in ("s3", "s3a")}


class Unreachable(Exception):
    """An input or a place for output cannot be used; `may_pass` where another try may help.

    `silent` where it does not answer: whoever waited for it once in vain need not wait again.
    """

    def __init__(self, message: str, *, may_pass: bool, silent: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass and not silent
        self.silent = silent


class Stored(msgspec.Struct, frozen=True):
    """An object as a listing tells it."""

    uri: str
    bytes: int
    tag: str  # changes with its contents: an ETag, or size and time of change


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turns whatever a file system raises into Unreachable, so that no damage of an input is mistaken for it."""
    try:
        yield
    except (Unreachable, OnRecordError):
        raise
    except Exception as error:  # every store has errors of its own, and all of them mean that it was not reached
        why = getattr(error, "strerror", None) or " ".join(f"{type(error).__name__}: {error}".split())[:MESSAGE_CHARS]
        may_pass = not isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | ImportError)
        if isinstance(error, OSError) and error.errno is not None:
            may_pass = may_pass and error.errno not in FOR_GOOD
        raise Unreachable(f"{what}: {why}", may_pass=may_pass, silent=_is_late(error)) from error


def _is_late(error: BaseException) -> bool:
    """Whether an error is one of time. Every library has its own, and they have little but the name in common."""
    told = (error, error.__cause__, error.__context__)
    return any("Timeout" in kind.__name__ for one in told if one is not None for kind in type(one).__mro__)


def _errnos() -> frozenset[int]:
    import errno

    names = ("ENOSPC", "EDQUOT", "EROFS", "ENOTDIR", "ENAMETOOLONG", "EACCES")
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


FOR_GOOD = _errnos()  # what another try does not mend


def files_of(uri: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises IntakeError without fsspec, Unreachable."""
    fsspec = need("fsspec", "archive", "archives")
    protocol = uri.partition("://")[0]
    set_by_user = fsspec.config.conf.get(protocol, {})
    options = {name: value for name, value in STORES.get(protocol, {}).items() if name not in set_by_user}
    with reaching(uri):
        files, path = fsspec.core.url_to_fs(uri, **options)
        return files, path


def is_local(files: Any) -> bool:
    """Whether a file system is this machine's."""
    return "file" in ([files.protocol] if isinstance(files.protocol, str) else files.protocol)


def uri_of(files: Any, path: str) -> str:
    """The address of a path; a plain path on this machine."""
    return path if is_local(files) else str(files.unstrip_protocol(path))


def stored(files: Any, path: str, told: dict[str, Any]) -> Stored:
    """An object by what its file system tells of it."""
    names = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "updated")
    tag = next((str(told[name]) for name in names if told.get(name)), "")
    return Stored(uri_of(files, path), int(told.get("size") or 0), f"{told.get('size')} {tag}")


def describe(uri: str) -> Stored:
    """The object at an address. Raises Unreachable."""
    files, path = files_of(uri)
    with reaching(uri):
        return stored(files, path, files.info(path))


@contextmanager
def opened(uri: str) -> Iterator[BufferedReader[Watched]]:
    """The bytes of an object, to be sought in; reading raises Unreachable and nothing else."""
    files, path = files_of(uri)
    with reaching(uri):
        inner = files.open(path, "rb")
    try:
        yield BufferedReader(Watched(inner, uri), BUFFER_BYTES)
    finally:
        inner.close()


class Watched(RawIOBase):
    """A file whose errors are those of its place."""

    def __init__(self, inner: Any, what: str) -> None:
        self._inner = inner
        self._what = what
        self.count = 0  # bytes that were read

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Whether one can go to and fro in it."""
        return bool(self._inner.seekable())

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of any file."""
        with reaching(self._what):
            return int(self._inner.seek(offset, whence))

    def tell(self) -> int:
        """As of any file."""
        with reaching(self._what):
            return int(self._inner.tell())

    def readinto(self, buffer: Any) -> int:
        """As of any file."""
        with reaching(self._what):
            data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class Out:
    """The place where output goes. What appears there is whole: written aside and renamed, or put in one step."""

    def __init__(self, uri: str) -> None:
        self._files, path = files_of(uri)
        self.root = path.rstrip("/")
        self.uri = uri_of(self._files, self.root)
        self.is_local = is_local(self._files)

    def at(self, name: str) -> str:
        """The path of a name below."""
        return f"{self.root}/{name}"

    def put(self, file: Path, name: str) -> None:
        """Moves a file of this machine there. Raises Unreachable."""
        with reaching(f"{self.uri}/{name}"):
            if self.is_local:
                path = Path(self.at(name))
                path.parent.mkdir(parents=True, exist_ok=True)
                file.replace(path)
            else:
                self._files.put_file(str(file), self.at(name))
                file.unlink()

    def write(self, data: bytes, name: str) -> None:
        """Puts some bytes there. Raises Unreachable."""
        with reaching(f"{self.uri}/{name}"):
            if not self.is_local:
                self._files.pipe_file(self.at(name), data)
                return
            path = Path(self.at(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}.{os.getpid()}.part")
            try:
                with aside.open("wb") as out:
                    out.write(data)
                    sync(out)
                aside.replace(path)
            finally:
                aside.unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """The bytes there; None where there are none. Raises Unreachable."""
        with reaching(f"{self.uri}/{name}"):
            try:
                return bytes(self._files.cat_file(self.at(name)))
            except FileNotFoundError:
                return None

    def open(self, name: str) -> Any:
        """The file there, to be read and closed. Raises what its file system raises."""
        return self._files.open(self.at(name), "rb")

    def names(self, folder: str, suffix: str) -> list[str]:
        """The names in a folder, without their suffix, in order; one listing, nothing is read. Raises Unreachable."""
        with reaching(f"{self.uri}/{folder}"):
            try:
                self._files.invalidate_cache(self.at(folder))
                paths = self._files.ls(self.at(folder), detail=False)
            except FileNotFoundError:
                return []
        names = (path.rstrip("/").rpartition("/")[2] for path in paths)
        return sorted(name.removesuffix(suffix) for name in names if name.endswith(suffix) and name[0] != ".")

    def remove(self, name: str) -> None:
        """Takes a file away, if it is there. Raises Unreachable."""
        with reaching(f"{self.uri}/{name}"), suppress(FileNotFoundError):
            self._files.rm_file(self.at(name))


def sync(out: Any) -> None:
    """Has what was written to a file reach the disk, so that a renamed file is never empty after a power cut."""
    out.flush()
    os.fsync(out.fileno())


def short(*told: object) -> str:
    """Twelve hexadecimal digits that stand for some plain values."""
    return digest(json.dumps(told, sort_keys=True, default=str))[:12]
