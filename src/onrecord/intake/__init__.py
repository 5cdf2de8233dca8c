"""Bytes to articles: files, folders, archives, feeds and addresses; what cannot be read becomes a refusal."""

from __future__ import annotations

from .fetch import FetchSettings
from .inputs import count_inputs, open_inputs
from .visits import Validators, Visits

__all__ = ["FetchSettings", "Validators", "Visits", "count_inputs", "open_inputs"]
