"""Libraries that are not installed with the package itself."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from ..errors import IntakeError


def hush(*names: str) -> None:
    """Keeps libraries' warnings about one input from the terminal: they are ours to tell, as a refusal."""
    for name in names:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def need(module: str, extra: str, what: str) -> Any:
    """The module, imported now. Raises IntakeError that names the extra where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise IntakeError(
            f"{what} need a library that is not installed ({module.partition('.')[0]})",
            remedy=f'pip install "onrecord[{extra}]"',
        ) from error
