"""The learnt weights of `antecedents`, by kind of mention and feature."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from ..errors import ReaderError
from .antecedents import MentionKind


class Ranks(msgspec.Struct, frozen=True):
    """The file `models/speakers/weights.json`; its card says what it was learnt from."""

    weights: dict[MentionKind, dict[str, float]]


@cache
def load_ranks() -> dict[MentionKind, dict[str, float]]:
    """The weights in the package, read once on first use. Raises ReaderError where they are missing or damaged."""
    place = files("onrecord") / "models" / "speakers" / "weights.json"
    try:
        return msgspec.json.decode(place.read_bytes(), type=Ranks).weights
    except (OSError, msgspec.DecodeError) as error:
        raise ReaderError("weights cannot be read", which=str(place), remedy="install onrecord anew") from error
