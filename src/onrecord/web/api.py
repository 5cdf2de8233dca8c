"""The API, `/api/v1`: JSON over the same questions as the pages; errors as RFC 9457 has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..errors import OnRecordError
from ..export.jsonform import as_builtins
from ..store import Hit
from .asked import CHOICES, NAMES, asked_of
from .stores import Behind

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"


class Text(msgspec.Struct, forbid_unknown_fields=True):
    """A text to be read."""

    text: str
    language: str | None = None


def routes() -> list[Route]:
    """The routes of the API."""
    return [
        Route(f"{PREFIX}/statements", statements),
        Route(f"{PREFIX}/statements/{{id}}", statement),
        Route(f"{PREFIX}/articles/{{id:path}}", article),
        Route(f"{PREFIX}/speakers", speakers),
        Route(f"{PREFIX}/stats", stats),
        Route(f"{PREFIX}/read", read, methods=["POST"]),
        Route(f"{PREFIX}/openapi.json", openapi),
    ]


def behind(request: Request) -> Behind:
    """The store and the desk."""
    found: Behind = request.app.state.behind
    return found


def problem(status: int, title: str, detail: str) -> Response:
    """An error in the form of RFC 9457."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(told, status, media_type=PROBLEM)


def plain(hit: Hit) -> dict[str, Any]:
    """A hit as JSON has it: the key as text, for it is longer than the numbers of JavaScript."""
    told: dict[str, Any] = msgspec.to_builtins(hit)
    return {"cursor": str(told.pop("key"))} | told


def statements(request: Request) -> Response:
    """Statements by words and filters; `cursor` of the last one goes on; `format=jsonl` streams all there are."""
    asked = asked_of(request.query_params)
    if request.query_params.get("format") == "jsonl":
        hits = behind(request).store.search(asked.query, asked.filters, order=asked.order, fold=asked.fold)
        return StreamingResponse(_lines(hits), media_type="application/x-ndjson")
    found = [plain(hit) for hit in behind(request).store.search(asked.query, asked.filters, **asked.how())]
    more = found[-1]["cursor"] if len(found) == asked.limit and asked.order != "relevance" else None
    return JSONResponse({"statements": found, "next": more})


def _lines(hits: Iterable[Hit]) -> Iterator[str]:
    return (json.dumps(plain(hit), ensure_ascii=False) + "\n" for hit in hits)


def statement(request: Request) -> Response:
    """A statement with its record, by id or its first characters."""
    found = behind(request).store.statement(request.path_params["id"])
    if not found:
        return problem(404, "Not found", "no statement of this id")
    record, id = found[0]
    whole = as_builtins(record)
    (told,) = (one for one in whole["statements"] if one["id"] == id)
    return JSONResponse({"statement": told, "article": whole["article"], "made_by": whole["made_by"]})


def article(request: Request) -> Response:
    """The record that counts of an article."""
    record = behind(request).store.record(request.path_params["id"])
    return problem(404, "Not found", "no article of this id") if record is None else JSONResponse(as_builtins(record))


def speakers(request: Request) -> Response:
    """Who is quoted most."""
    asked = asked_of(request.query_params, limit=50)
    everybody = request.query_params.get("everybody") in ("1", "true", "yes")
    found = behind(request).store.speakers(asked.filters, everybody=everybody, limit=asked.limit)
    return JSONResponse({"speakers": [msgspec.to_builtins(one) for one in found]})


def stats(request: Request) -> Response:
    """What the store holds."""
    return JSONResponse(msgspec.to_builtins(behind(request).store.stats()))


async def read(request: Request) -> Response:
    """The record of a text: {"text": "…", "language": "fr"?}. Nothing is kept."""
    from starlette.concurrency import run_in_threadpool

    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return problem(415, "Unsupported media type", "send application/json")
    try:
        told = msgspec.json.decode(await request.body(), type=Text)
        told.text.encode("utf-8")
    except (msgspec.MsgspecError, UnicodeError) as error:
        return problem(400, "Bad request", f'not {{"text": "…"}}: {error}')
    try:
        record = await run_in_threadpool(behind(request).read, told.text, told.language)
    except OnRecordError as error:
        return problem(422, "Not readable", str(error))
    return JSONResponse(as_builtins(record))


# --- what it is, for machines -----------------------------------------------------------------------------------------


def openapi(request: Request) -> Response:
    """The description of this API, OpenAPI 3.1."""
    return JSONResponse(description())


def description() -> dict[str, Any]:
    """OpenAPI 3.1."""
    from importlib.metadata import version

    question = [_parameter(name, {"type": "string"}) for name in ("q", *NAMES) if name not in CHOICES]
    question += [_parameter(name, {"enum": list(words)}) for name, words in CHOICES.items()]
    question += [_parameter("negated", {"type": "boolean"}), _parameter("fold", {"type": "boolean"})]
    limit = _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 200})
    cursor = _parameter("cursor", {"type": "string", "pattern": "^[0-9]{1,19}$"})
    form = _parameter("format", {"enum": ["json", "jsonl"]})
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    text = {
        "type": "object", "required": ["text"], "additionalProperties": False,
        "properties": {"text": {"type": "string"}, "language": {"type": ["string", "null"]}},
    }  # fmt: skip
    body = {"required": True, "content": {"application/json": {"schema": text}}}
    paths = {
        "statements": {"get": _operation(statements, "statements", [*question, limit, cursor, form], 400)},
        "statements/{id}": {"get": _operation(statement, "statement", [id], 404)},
        "articles/{id}": {"get": _operation(article, "article", [id], 404)},
        "speakers": {"get": _operation(speakers, "speakers", [*question, limit], 400)},
        "stats": {"get": _operation(stats, "stats", [])},
        "read": {"post": _operation(read, "read", [], 400, 413, 415, 422) | {"requestBody": body}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "onrecord", "version": version("onrecord"), "license": {"name": "Apache-2.0"}},
        "paths": {f"{PREFIX}/{path}": told for path, told in paths.items()},
        "components": {"schemas": {"Problem": _problem_schema()}},
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _operation(handler: Any, name: str, parameters: list[Any], *errors: int) -> dict[str, Any]:
    error = {"description": "why not", "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    answer = {"description": "the answer", "content": {"application/json": {"schema": {"type": "object"}}}}
    responses = {"200": answer} | {str(status): error for status in errors}
    summary = (handler.__doc__ or "").strip().split("\n")[0]
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}


def _problem_schema() -> dict[str, Any]:
    names = {"type": "string", "title": "string", "status": "integer", "detail": "string"}
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in names.items()}}
