"""What every reader of statements offers, whichever way it finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..language.pack import Pack
from ..types import Draft
from .tokens import Tokens

UNKNOWN = "unknown"  # in `Reader.speaker_odds`: the speaker was not found


class Reader(Protocol):
    """Finds the statements of articles. The same tokens give the same drafts on any machine."""

    @property
    def name(self) -> str:
        """As `--reader` has it."""
        ...

    @property
    def weights(self) -> str | None:
        """Digest of the weights; None where there are none."""
        ...

    @property
    def speaker_odds(self) -> Mapping[str, float]:
        """What the way a speaker was found adds to the log odds that content and speaker are right.

        By the rule of the last reason, or "unknown". What is not listed adds nothing.
        """
        ...

    def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
        """The drafts of each text, by the start of their content; `parent` is a position in the same list."""
        ...
