"""The project's one family of errors: what is wrong, which thing, why, and what to do about it."""

from __future__ import annotations

from pathlib import Path


class OnRecordError(Exception):
    """Base of every error that this package raises on purpose.

    `message` says what is wrong, `which` names the thing (a file, a setting, an article), `line` is
    1-based where a file is concerned, `remedy` says what to do. `str()` puts them on one line.
    """

    def __init__(
        self,
        message: str,
        *,
        which: str | Path | None = None,
        line: int | None = None,
        remedy: str | None = None,
    ) -> None:
        self.message = message
        self.which = None if which is None else str(which)
        self.line = line
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = "" if self.which is None else self.which
        if self.line is not None:
            place += f":{self.line}"
        text = f"{self.message}: {place}" if place else self.message
        return f"{text} — {self.remedy}" if self.remedy else text


class PackError(OnRecordError):
    """A language pack is missing, incomplete or wrong."""


class IntakeError(OnRecordError):
    """An input as a whole cannot be opened: it does not exist, or is of a kind that is not read."""


class SettingsError(OnRecordError):
    """A setting has a value that cannot be used."""


class ReaderError(OnRecordError):
    """A reader cannot be loaded: its weights are missing, damaged or of another version."""


class FormatError(OnRecordError):
    """A record in an exchange format does not have the form that its schema asks for."""


class StoreError(OnRecordError):
    """A store cannot be opened, is of another version, or holds what it should not."""


class QueryError(OnRecordError):
    """A search cannot be understood."""


class ArchiveError(OnRecordError):
    """An archive cannot be listed, its output cannot be used, or an engine is not there."""
