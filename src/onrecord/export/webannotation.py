"""W3C Web Annotation (https://www.w3.org/TR/annotation-model/): one annotation a statement, for viewers of web pages.

The target is the article with the hash of its text, and where in it each span of the content stands: by position, in
Unicode code points as the recommendation counts characters, and by the words with what stands around them, which finds
them again in a page that has changed. The text itself is not in it, so a record cannot be made from this form alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..types import ROLES, Article, Record, Span, Speaker, Statement, covered, words_of

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"onrecord": "urn:onrecord:"}]
AROUND = 32  # characters of prefix and suffix, as the recommendation's own examples have about


def page(records: Iterable[Record]) -> Iterator[str]:
    """An AnnotationPage in pieces."""
    head = {"@context": CONTEXT, "id": "urn:onrecord:annotations", "type": "AnnotationPage"}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
    number = 0
    for record in records:
        for statement in record.statements:
            yield (",\n" if number else "\n") + json.dumps(annotation(record, statement), ensure_ascii=False)
            number += 1
    yield "\n]}\n"


def annotation(record: Record, statement: Statement) -> dict[str, Any]:
    """One statement; without `@context`, which its page has."""
    targets = [_target(record.article, span) for span in statement.content]
    return {
        "id": f"urn:onrecord:statement:{statement.id}",
        "type": "Annotation",
        "motivation": "describing",
        "generator": {
            "id": f"urn:onrecord:version:{record.made_by.onrecord}", "type": "Software", "name": "onrecord",
        },
        "body": [
            _body(record.article, statement),
            {"type": "TextualBody", "purpose": "tagging", "value": statement.act},
        ],
        "target": targets[0] if len(targets) == 1 else targets,
    }  # fmt: skip


def source_of(article: Article) -> str:
    """An IRI for the article: its address, else a name made of its hash."""
    return article.url or f"urn:sha256:{article.sha256}"


def _target(article: Article, span: Span) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": source_of(article),
        "onrecord:sha256": article.sha256,
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": covered(article, span),
                "prefix": article.text[max(0, span.start - AROUND) : span.start],
                "suffix": article.text[span.end : span.end + AROUND],
            },
        ],
    }


def _body(article: Article, statement: Statement) -> dict[str, Any]:
    """What is known of the statement, under our own terms."""
    body: dict[str, Any] = {
        "type": "onrecord:Statement",
        "onrecord:act": statement.act,
        "onrecord:negated": statement.negated,
        "onrecord:kind": statement.kind,
        "onrecord:quotation": statement.type,
        "onrecord:confidence": statement.confidence,
    }
    for role in ROLES[1:]:
        if spans := getattr(statement, role):
            body[f"onrecord:{role}"] = words_of(article, spans)
    if statement.parent is not None:
        body["onrecord:parent"] = {"id": f"urn:onrecord:statement:{statement.parent}"}
    speaker = statement.speaker
    if isinstance(speaker, Speaker):
        body["onrecord:speaker"] = speaker.name
        body["onrecord:speakerType"] = speaker.type
        if speaker.office is not None:
            body["onrecord:office"] = covered(article, speaker.office)
        if speaker.identity is not None:
            body["onrecord:identity"] = speaker.identity.id
    else:
        body["onrecord:speakerUnknown"] = speaker.reason
    return body
