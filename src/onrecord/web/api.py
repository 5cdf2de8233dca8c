"""The API, `/api/v1`: JSON over the same questions as the pages; errors as RFC 9457 has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..errors import OnRecordError, QueryError
from ..export.jsonform import as_builtins
from ..store import Hit, Store
from .asked import KNOWN, Asked, asked_of, truth
from .guard import PREFIX, problem
from .stores import Behind, TooLate

FORMS = ("json", "jsonl")
AT_ONCE = 200  # statements in one piece of a stream


class Text(msgspec.Struct, forbid_unknown_fields=True):
    """A text to be read."""

    text: str
    language: str | None = None


def routes() -> list[Route]:
    """The routes of the API."""
    return [
        Route(f"{PREFIX}/statements", statements),
        Route(f"{PREFIX}/statements/{{id}}", statement),
        Route(f"{PREFIX}/facets", facets),
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


def plain(hit: Hit) -> dict[str, Any]:
    """A hit as JSON has it: the key as text, for it is longer than the numbers of JavaScript."""
    told: dict[str, Any] = msgspec.to_builtins(hit)
    return {"cursor": str(told.pop("key"))} | told


def _question(request: Request, **how: Any) -> tuple[Asked, dict[str, str]]:
    """The question, and the values as they were given. Raises QueryError, also where one is given twice."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name in KNOWN]
    if len({name for name, _ in given}) < len(given):
        raise QueryError("a parameter is given twice", remedy="give each once")
    return asked_of(dict(given), strict=True, **how), dict(given)


def statements(request: Request) -> Response:
    """Statements by words and filters; `cursor` of the last one goes on; `format=jsonl` streams all there are."""
    asked, given = _question(request)
    if (form := given.get("format", "json")) not in FORMS:
        raise QueryError(f"no format {form!r}", remedy=f"one of {', '.join(FORMS)}")
    if form == "jsonl":
        return _streamed(behind(request).own_store(), asked)
    found = [plain(hit) for hit in behind(request).store.search(asked.query, asked.filters, **asked.how())]
    more = found[-1]["cursor"] if len(found) == asked.limit and asked.order != "relevance" else None
    return JSONResponse({"statements": found, "next": more})


def _streamed(store: Store, asked: Asked) -> Response:
    """All answers, a line each, while they are found. What is wrong with a question shows before the first line."""
    try:
        hits = store.search(asked.query, asked.filters, order=asked.order, after_key=asked.cursor, fold=asked.fold)
        first = list(islice(hits, AT_ONCE))
    except BaseException:
        store.close()
        raise
    return StreamingResponse(_lines(store, chain(first, hits)), media_type="application/x-ndjson")


def _lines(store: Store, hits: Iterable[Hit]) -> Iterator[str]:
    rest = iter(hits)
    try:
        while some := list(islice(rest, AT_ONCE)):
            yield "".join(json.dumps(plain(hit), ensure_ascii=False) + "\n" for hit in some)
    finally:
        store.close()


def statement(request: Request) -> Response:
    """A statement with its article and what made the record, by id or its first characters."""
    found = behind(request).store.statement(request.path_params["id"])
    if not found:
        return problem(404, "no statement of this id")
    record, id = found[0]
    whole = as_builtins(record)
    (told,) = (one for one in whole["statements"] if one["id"] == id)
    return JSONResponse({"statement": told, "article": whole["article"], "made_by": whole["made_by"]})


def facets(request: Request) -> Response:
    """How the newest answers to a question fall into sorts: by speaker, act, type, outlet, language and month."""
    asked, _ = _question(request)
    return JSONResponse(msgspec.to_builtins(behind(request).facets(asked.query, asked.filters)))


def article(request: Request) -> Response:
    """The record that counts of an article."""
    record = behind(request).store.record(request.path_params["id"])
    return problem(404, "no article of this id") if record is None else JSONResponse(as_builtins(record))


def speakers(request: Request) -> Response:
    """Who is quoted most."""
    asked, given = _question(request, limit=50)
    found = behind(request).store.speakers(asked.filters, everybody=truth(given, "everybody"), limit=asked.limit)
    return JSONResponse({"speakers": [msgspec.to_builtins(one) for one in found]})


def stats(request: Request) -> Response:
    """What the store holds."""
    return JSONResponse(msgspec.to_builtins(behind(request).store.stats()))


async def read(request: Request) -> Response:
    """The record of a text: {"text": "…", "language": "fr"?}. Nothing is kept."""
    from starlette.concurrency import run_in_threadpool

    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "send application/json")
    try:
        told = msgspec.json.decode(await request.body(), type=Text)
        told.text.encode("utf-8")
    except (msgspec.MsgspecError, UnicodeError) as error:
        return problem(400, f'not {{"text": "…"}}: {error}')
    try:
        record = await run_in_threadpool(behind(request).read, told.text, told.language)
    except TooLate:
        raise
    except OnRecordError as error:
        return problem(422, str(error))
    return JSONResponse(as_builtins(record))


def openapi(request: Request) -> Response:
    """The description of this API, OpenAPI 3.1."""
    from .openapi import description

    return JSONResponse(description())
