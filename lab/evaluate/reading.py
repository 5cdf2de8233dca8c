"""Gold texts through the desk: records in the form that is scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from onrecord.types import Article, Record, Span, Speaker, Statement, digest

from .gold import Found, GoldDocument, Prediction, Spans

if TYPE_CHECKING:
    from onrecord.desk import Desk


def article_of(document: GoldDocument, language: str) -> Article:
    """The article of a gold document: its text as it stands."""
    return Article(id=document.doc, text=document.text, language=language, sha256=digest(document.text))


def read_gold(documents: Sequence[GoldDocument], desk: Desk, language: str) -> list[Prediction]:
    """What the desk finds in gold documents, in their order."""
    return [prediction_of(r) for r in desk.read_many(article_of(d, language) for d in documents)]


def prediction_of(record: Record) -> Prediction:
    """A record in the form that is scored; attitudes are kept, scoring leaves them out."""
    positions = {statement.id: n for n, statement in enumerate(record.statements)}
    return Prediction(doc=record.article.id, statements=tuple(_found(s, positions) for s in record.statements))


def _found(statement: Statement, positions: dict[str, int]) -> Found:
    return Found(
        content=_pairs(statement.content),
        speaker=statement.speaker.name if isinstance(statement.speaker, Speaker) else None,
        cue=_pairs(statement.cue),
        source=_pairs(statement.source),
        addressee=_pairs(statement.addressee),
        occasion=_pairs(statement.occasion),
        when=_pairs(statement.when),
        type=statement.type,
        kind=statement.kind,
        act=statement.act,
        negated=statement.negated,
        parent=None if statement.parent is None else positions.get(statement.parent),
        confidence=statement.confidence,
    )


def _pairs(spans: Iterable[Span]) -> Spans:
    return tuple((span.start, span.end) for span in spans)
