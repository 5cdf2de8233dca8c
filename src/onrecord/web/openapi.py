"""What the API is, for machines: OpenAPI 3.1, of the same types as the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec

from ..export.jsonform import schema as record_schema
from ..store import Hit
from ..store.facets import Facets
from ..store.judgements import Entry
from ..store.overview import Quoted, Stats
from . import api, deciding
from .asked import CHOICES, LANGUAGE, MOST, NUMBER, TRUTHS
from .guard import PREFIX, PROBLEM

DATE = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
WHY = {
    400: "The question is not understood.", 404: "There is none.", 408: "The text did not come in time.",
    413: "The text is longer than is read.", 415: "It is not JSON.", 422: "The text cannot be read.",
    503: "It takes too long; ask for less, or later.",
}  # fmt: skip
Json = dict[str, Any]


def description() -> Json:
    """The document that `/api/v1/openapi.json` serves."""
    from importlib.metadata import version

    return {
        "openapi": "3.1.0",
        "info": {"title": "onrecord", "version": version("onrecord"), "license": {"name": "Apache-2.0"}},
        "paths": {f"{PREFIX}/{path}": operation for path, operation in _paths().items()},
        "components": {"schemas": _schemas()},
    }


def _paths() -> Json:
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    words = _parameter("q", {"type": "string", "minLength": 1}, 'Words: gaz "zone tampon", missile*, gaz OR pétrole.')
    limit = _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, "At most so many.")
    everybody = _parameter("everybody", {"enum": list(TRUTHS)}, "Groups and unnamed sources, too.")
    found = _object(statements=_list("Hit"), next={"type": ["string", "null"], "description": "cursor that goes on"})
    statements = _operation(api.statements, found, [words, *_filters(), *_ways(), limit], 400, 503)
    statements["responses"]["200"]["content"]["application/x-ndjson"] = {"schema": {"type": "string"}}
    whole = _object(statement=_ref("Statement"), article=_ref("Article"), made_by=_ref("MadeBy"))
    quoted = _object(speakers=_list("Quoted"))
    return {
        "statements": {"get": statements},
        "statements/{id}": {"get": _operation(api.statement, whole, [id], 404, 503)},
        "facets": {"get": _operation(api.facets, _ref("Facets"), [words, *_filters()], 400, 503)},
        "articles/{id}": {"get": _operation(api.article, _ref("Record"), [id], 404, 503)},
        "speakers": {"get": _operation(api.speakers, quoted, [*_filters(), limit, everybody], 400, 503)},
        "stats": {"get": _operation(api.stats, _ref("Stats"), [], 503)},
        "read": {"post": _read()},
        "judgements": {"get": _judgements(limit), "post": _judge()},
        "judgements/{key}": {"delete": _operation(deciding.undo, _object(key=NUMBERED), [_key()], 404, 503)},
    }


NUMBERED = {"type": "integer"}


def _key() -> Json:
    return {
        "name": "key",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[1-9][0-9]{0,14}$"},
    }


def _judgements(limit: Json) -> Json:
    found = _object(judgements=_list("Entry"), next={"type": ["string", "null"], "description": "cursor that goes on"})
    cursor = _parameter("cursor", {"type": "string", "pattern": "^[1-9][0-9]{0,14}$"}, "`next` of the answer before.")
    article = _parameter("article", {"type": "string", "minLength": 1}, "Those of one article, by its id.")
    return _operation(deciding.judgements, found, [article, cursor, limit], 400, 503)


def _judge() -> Json:
    operation = _operation(deciding.judge, _object(key=NUMBERED), [], 400, 404, 408, 413, 415, 422, 503)
    return operation | {
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Decision")}}}
    }


def _filters() -> list[Json]:
    text = {"type": "string", "minLength": 1}
    return [
        _parameter("speaker", text, "A name or surname, in any spelling."),
        _parameter("outlet", text, "The newspaper."),
        _parameter("language", {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}, "fr, en."),
        *(_parameter(name, {"enum": list(CHOICES[name])}) for name in ("act", "kind", "type")),
        _parameter("negated", {"enum": list(TRUTHS)}, "Whether the speaker does not do it: does not confirm."),
        _parameter("after", {"type": "string", "pattern": DATE}, "First date, month or year of publication."),
        _parameter("before", {"type": "string", "pattern": DATE}, "Last one."),
    ]


def _ways() -> list[Json]:
    return [
        _parameter("order", {"enum": list(CHOICES["order"])}),
        _parameter("cursor", {"type": "string", "pattern": f"^{NUMBER.pattern}$"}, "That of the last one before."),
        _parameter("fold", {"enum": list(TRUTHS)}, "Whether copies come once; they do unless asked."),
        _parameter("format", {"enum": list(api.FORMS)}, "jsonl streams all, a line each."),
    ]


def _read() -> Json:
    text = {
        "type": "object", "required": ["text"], "additionalProperties": False,
        "properties": {"text": {"type": "string"}, "language": {"type": ["string", "null"]}},
    }  # fmt: skip
    operation = _operation(api.read, _ref("Record"), [], 400, 408, 413, 415, 422, 503)
    return operation | {"requestBody": {"required": True, "content": {"application/json": {"schema": text}}}}


def _parameter(name: str, schema: Json, description: str | None = None) -> Json:
    told = {"name": name, "in": "query", "schema": schema}
    return told | ({"description": description} if description else {})


def _operation(handler: Callable[..., Any], answer: Json, parameters: list[Json], *errors: int) -> Json:
    problem = {"content": {PROBLEM: {"schema": _ref("Problem")}}}
    found = {"description": "The answer.", "content": {"application/json": {"schema": answer}}}
    summary = (handler.__doc__ or "").strip().split("\n")[0]
    responses = {"200": found} | {str(status): {"description": WHY[status]} | problem for status in errors}
    return {"operationId": handler.__name__, "summary": summary, "parameters": parameters, "responses": responses}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Json:
    return {"type": "array", "items": _ref(name)}


def _object(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def _schemas() -> Json:
    """Of the types themselves; those of a record as `onrecord schema` prints them."""
    record = json.loads(json.dumps(record_schema()).replace("#/$defs/", "#/components/schemas/"))
    _, found = msgspec.json.schema_components(
        (Hit, Quoted, Stats, Facets, Entry, deciding.Decision), ref_template="#/components/schemas/{name}"
    )
    hit = found["Hit"]
    del hit["properties"]["key"]
    hit["properties"]["cursor"] = {"type": "string"}
    hit["required"] = ["cursor", *(name for name in hit["required"] if name != "key")]
    schemas: Json = record["$defs"] | found | {"Problem": _problem()}
    return schemas


def _problem() -> Json:
    text = {"type": "string"}
    return _object(type=text, title=text, status={"type": "integer"}, detail=text)
