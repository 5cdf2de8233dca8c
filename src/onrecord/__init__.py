"""Who said what, in whose words, to whom, where and when: statements and their speakers in news articles."""

from __future__ import annotations

import logging

from .desk import Desk
from .errors import OnRecordError
from .language.loader import load_pack
from .settings import Settings
from .types import Article, Record, Refusal, Span, Speaker, Statement, Unknown

logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "Article",
    "Desk",
    "OnRecordError",
    "Record",
    "Refusal",
    "Settings",
    "Span",
    "Speaker",
    "Statement",
    "Unknown",
    "load_pack",
]
