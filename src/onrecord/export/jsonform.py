"""The native form: a record as JSON, with the words of each span beside the span, and its schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from ..errors import FormatError
from ..types import ROLES, Record, words_of


def as_builtins(record: Record) -> dict[str, Any]:
    """The record as plain dicts and lists; each statement has, beside its spans, `text`: the words of its roles."""
    form: dict[str, Any] = msgspec.to_builtins(record)
    for statement, plain in zip(record.statements, form["statements"], strict=True):
        plain["text"] = {role: words_of(record.article, spans) for role in ROLES if (spans := getattr(statement, role))}
    return form


def encode(record: Record, *, indent: int | None = None, judgements: Sequence[Any] = ()) -> str:
    """One line of JSON, or an indented text; non-ASCII characters as they are.

    `judgements` are what people decided of the record's statements, as a store exchanges it; see docs/formats.md.
    """
    form = as_builtins(record)
    if judgements:
        form["judgements"] = msgspec.to_builtins(judgements)
    return json.dumps(form, ensure_ascii=False, indent=indent)


def decode(text: str | bytes) -> Record:
    """The record that `encode` wrote. Raises FormatError where the text is not one."""
    try:
        return msgspec.json.decode(text, type=Record)
    except (msgspec.MsgspecError, ValueError) as error:
        raise FormatError(f"not a record ({error})", remedy="see `onrecord schema`") from error


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the form that `encode` writes."""
    form: dict[str, Any] = msgspec.json.schema(Record)
    form["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    form["title"] = "onrecord record, version 1"
    form["$defs"]["Statement"]["properties"]["text"] = {
        "type": "object",
        "description": "The words of each role; those of several spans are joined by ' … '.",
        "properties": {role: {"type": "string"} for role in ROLES},
    }
    return form
