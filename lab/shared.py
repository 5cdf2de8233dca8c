"""What all of the lab agrees on: where the shared data and the weights lie, and which fold an article is in.

The shared data is gold annotations, raw texts and treebanks. The project works without it.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MODELS = CHECKOUT / "src" / "onrecord" / "models"
LANGUAGES = ("fr", "en")
FOLDS = 5
ABSENT = "the shared data is not there: set ONRECORD_SHARED to its folder, or put it beside the checkout as ../shared"


def shared_root() -> Path | None:
    """The folder of the shared data; None where it is absent.

    ONRECORD_SHARED names it, from the checkout where it is relative; by default it is ../shared.
    """
    root = CHECKOUT / os.environ.get("ONRECORD_SHARED", "../shared")
    return root if (root / "gold").is_dir() else None


def gold_file(name: str) -> Path | None:
    """A file of gold annotations, such as "fr.dev.jsonl"; None where it is absent."""
    return _existing("gold", name)


def text_file(language: str) -> Path | None:
    """The raw articles of a language; None where they are absent."""
    return _existing("texts", f"{language}.jsonl")


def fold_of(doc: str) -> int:
    """The fold of an article by its id, from 0 to FOLDS - 1: the same on every machine."""
    return zlib.crc32(doc.encode()) % FOLDS


def _existing(folder: str, name: str) -> Path | None:
    root = shared_root()
    path = None if root is None else root / folder / name
    return path if path is not None and path.is_file() else None
