"""Gold texts through the desk: records in the form that is scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from onrecord.export.gold import document
from onrecord.types import Article, digest

from .gold import GoldDocument, Prediction

if TYPE_CHECKING:
    from onrecord.desk import Desk


def article_of(gold: GoldDocument, language: str) -> Article:
    """The article of a gold document: its text as it stands."""
    return Article(id=gold.doc, text=gold.text, language=language, sha256=digest(gold.text))


def read_gold(documents: Sequence[GoldDocument], desk: Desk, language: str) -> list[Prediction]:
    """What the desk finds in gold documents, in their order, by way of the form that users get.

    Attitudes are kept: scoring leaves them out.
    """
    records = desk.read_many(article_of(gold, language) for gold in documents)
    return [msgspec.convert(document(record, attitudes=True), Prediction) for record in records]
