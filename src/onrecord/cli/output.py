"""Where a result goes: standard output, or a file that appears when it is whole."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TextIO

from ..errors import SettingsError


class Output:
    """A stream for text with its own line ends. A file is written aside and renamed when it is whole.

    Raises SettingsError where it cannot be written, and BrokenPipeError where the reader of standard output has gone.
    """

    def __init__(self, path: str | None) -> None:
        self._path = None if path in (None, "-") else Path(str(path)).resolve()  # a link stays, its target is written
        self._aside: Path | None = None
        self.stream: TextIO = sys.stdout or io.StringIO()  # closed by the caller: nobody looks

    def __enter__(self) -> Output:
        if self._path is None:
            reconfigure = getattr(self.stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding="utf-8", errors="replace", newline="")
            return self
        if self._path.is_dir():
            raise SettingsError("this is a folder", which=self._path, remedy="name a file in it")
        if self._path.is_file() or not self._path.exists():  # a device or pipe is written to, never replaced
            self._aside = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        try:
            self.stream = (self._aside or self._path).open("w", encoding="utf-8", errors="replace", newline="")
        except OSError as error:
            raise self._failed(error) from error
        return self

    def write(self, text: str) -> None:
        """Text, with the line ends that it has."""
        try:
            self.stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._failed(error) from error

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self.stream.flush()
            if self._path is not None:
                self.stream.close()
            if self._aside is not None and self._path is not None and kind is None:
                self._aside.replace(self._path)
        except BrokenPipeError:
            raise
        except OSError as error:
            if kind is None:
                raise self._failed(error) from error
        finally:
            if self._aside is not None:
                self._aside.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> SettingsError:
        where = self._path or "standard output"
        return SettingsError(f"cannot write ({error.strerror})", which=where, remedy="choose another file with -o")
