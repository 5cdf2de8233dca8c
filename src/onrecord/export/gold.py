"""The form in which annotated articles are written and scored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..types import Record, Span, Speaker, Statement, covered


def document(record: Record, *, attitudes: bool = False) -> dict[str, Any]:
    """`{"doc", "statements"}` with spans as `[start, end]`; attitudes are left out unless asked for.

    `parent` is a position in the list, null where the statement around it was left out.
    """
    kept = [s for s in record.statements if attitudes or s.kind == "speech"]
    numbers = {statement.id: number for number, statement in enumerate(kept)}
    return {"doc": record.article.id, "statements": [_statement(statement, numbers) for statement in kept]}


def line(record: Record, *, attitudes: bool = False) -> str:
    """One line of JSON without line break."""
    return json.dumps(document(record, attitudes=attitudes), ensure_ascii=False)


def annotated(record: Record) -> str:
    """One line of JSON without line break, as the gold itself has it: with the text, and who is quoted, by name.

    Attitudes nobody is asked about are left out; `lab` learns from such files. `language` says of which pack.
    """
    told = document(record)
    for statement in told["statements"]:
        del statement["confidence"]
    article = record.article
    entities = {
        one.name: {"type": one.type, "aliases": sorted({covered(article, at) for at in one.mentions} - {one.name})}
        for one in record.without_attitudes().speakers
    }
    whole = {"doc": article.id, "text": article.text, "language": article.language, "sha256": article.sha256}
    return json.dumps(whole | {"statements": told["statements"], "entities": entities}, ensure_ascii=False)


def refused(doc: str) -> str:
    """The line of an article that was not read: it has no statements."""
    return json.dumps({"doc": doc, "statements": []}, ensure_ascii=False)


def _statement(statement: Statement, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "content": _spans(statement.content),
        "cue": _spans(statement.cue),
        "source": _spans(statement.source),
        "speaker": statement.speaker.name if isinstance(statement.speaker, Speaker) else None,
        "type": statement.type,
        "kind": statement.kind,
        "act": statement.act,
        "negated": statement.negated,
        "parent": None if statement.parent is None else numbers.get(statement.parent),
        "addressee": _spans(statement.addressee),
        "occasion": _spans(statement.occasion),
        "when": _spans(statement.when),
        "confidence": statement.confidence,
    }


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
