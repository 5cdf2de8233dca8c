"""What every reader of statements offers, whichever way it finds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..language.pack import Pack
from ..types import Draft
from .tokens import Tokens


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

    def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
        """The drafts of each text, by the start of their content; `parent` is a position in the same list."""
        ...
