"""Bytes to articles: files, folders, archives, feeds and addresses; what cannot be read becomes a refusal."""

from __future__ import annotations

from .fetch import FetchSettings
from .inputs import count_inputs, open_inputs

__all__ = ["FetchSettings", "count_inputs", "open_inputs"]
