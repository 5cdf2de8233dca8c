"""What the tests of inputs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.types import Article, Refusal


def read(*paths: Path, **how: Any) -> list[Article | Refusal]:
    """What files hold."""
    return list(open_inputs([str(path) for path in paths], Settings(), **how))


def parted(found: list[Article | Refusal]) -> tuple[list[Article], list[Refusal]]:
    """The articles and the refusals."""
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Refusal)]


def written(path: Path, data: bytes | str) -> Path:
    """A new file."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path
