"""One frozen object with every setting; resolved at the edge, passed down."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from .errors import SettingsError
from .types import digest

Scheme = Literal["onrecord", "polnear"]  # whose guidelines statements follow


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set. Each name holds its unit."""

    languages: tuple[str, ...] = ("fr", "en")  # articles in another language are refused
    reader: str = "tagger"  # "tagger", "rules", or a folder with a reader of the user's own
    scheme: Scheme = "onrecord"  # whose guidelines the tagger follows; polnear for comparison
    people: str | None = None  # file of people made by `onrecord people import`, to tell who speakers are
    min_confidence: float = 0.1  # statements below are left out of the record; 0 to 1, see docs/decisions/0002
    max_article_chars: int = 200_000  # longer texts are refused, with a reason

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_confidence <= 1.0:
            raise SettingsError(
                f"min_confidence must lie between 0 and 1, not {self.min_confidence}",
                remedy="give a share such as 0.8",
            )
        if self.scheme not in get_args(Scheme):
            raise SettingsError(f"no scheme {self.scheme!r}", remedy=f"one of {', '.join(get_args(Scheme))}")
        if self.max_article_chars < 1:
            raise SettingsError(
                f"max_article_chars must be at least 1, not {self.max_article_chars}",
                remedy="leave it out for the default of 200000",
            )
        if not self.languages:
            raise SettingsError("no language is set", remedy="give at least one, such as fr")

    def reading_digest(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the settings that change what a record says.

        Reader and list of people are not among them: `made_by` names them, wherever their files stand.
        """
        return digest(f"{self.scheme}|{self.min_confidence}")[:12]
