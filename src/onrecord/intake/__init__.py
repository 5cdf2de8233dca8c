"""Bytes to articles: files, folders and standard input, in any encoding; what cannot be read becomes a refusal."""

from __future__ import annotations

from .inputs import count_inputs, open_inputs

__all__ = ["count_inputs", "open_inputs"]
