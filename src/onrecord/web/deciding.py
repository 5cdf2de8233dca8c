"""Judgements in the API: read, made and taken back, as the review does."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import OnRecordError
from ..store import Store
from ..store.judgements import Entry
from ..store.lookup import reading_of_article, record_of
from ..store.replay import Change, Verdict
from .api import behind
from .asked import MOST
from .guard import PREFIX, problem

NUMBER = re.compile("[1-9][0-9]{0,14}")


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody decides: of a statement by its id, or, with the verdict "added", of an article alone."""

    article: str
    verdict: Verdict
    who: str
    why: str = ""
    statement: str | None = None
    other: str | None = None  # the statement that "merged" joins to it
    made: tuple[Change, ...] = ()  # what it makes of them; of "split" two


def routes() -> list[Route]:
    """The routes of judgements."""
    return [
        Route(f"{PREFIX}/judgements", judgements),
        Route(f"{PREFIX}/judgements", judge, methods=["POST"]),
        Route(f"{PREFIX}/judgements/{{key}}", undo, methods=["DELETE"]),
    ]


def told(entry: Entry) -> dict[str, Any]:
    """A judgement as JSON has it."""
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: value for name, value in plain.items() if name != "text"}


def judgements(request: Request) -> Response:
    """What was decided, undone judgements too, the last one first."""
    given = request.query_params
    numbers = {name: given.get(name, "") for name in ("limit", "cursor")}
    if any(not _is_number(value) for name, value in numbers.items() if name in given):
        return problem(400, "limit and cursor are whole numbers")
    limit = int(numbers["limit"] or 20)
    if limit > MOST or given.get("article") == "":
        return problem(400, f"at most {MOST} come at once, of one article by its id or of all")
    before = int(numbers["cursor"]) if numbers["cursor"] else None
    found = list(behind(request).store.judgements(given.get("article") or None, before=before, limit=limit))
    more = str(found[-1].key) if len(found) == limit else None
    return JSONResponse({"judgements": [told(one) for one in found], "next": more})


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


async def judge(request: Request) -> Response:
    """Keeps a judgement: {"article", "statement", "verdict", "made"?, "other"?, "who", "why"?}."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "send application/json")
    try:
        decision = msgspec.json.decode(await request.body(), type=Decision)
        msgspec.json.encode(decision)
        " ".join((decision.article, decision.who, decision.why)).encode("utf-8")
    except (msgspec.MsgspecError, UnicodeError) as error:
        return problem(400, f"no judgement: {error}")
    try:
        key = await run_in_threadpool(_judge, request, decision)
    except OnRecordError as error:
        return problem(422, str(error))
    return problem(404, "no statement of this id") if key is None else JSONResponse({"key": key})


def _judge(request: Request, decision: Decision) -> int | None:
    """Keeps it; the key, or None where there is no such statement."""
    with Store(behind(request).path) as store:
        how = {"who": decision.who.strip()[:80] or "?", "why": decision.why.strip()[:500]}
        if decision.verdict == "added" and decision.made:
            return store.add(decision.article, decision.made[0], **how)
        key, other = (_key(store, decision.article, id) for id in (decision.statement, decision.other))
        if key is None:
            return None
        if decision.verdict == "speaker":
            name = decision.made[0].speaker if decision.made else None
            return store.judge(key, "speaker", speaker=name, **how)
        return store.judge(key, decision.verdict, made=decision.made, other=other, **how)


def _key(store: Store, article: str, id: str | None) -> int | None:
    reading = reading_of_article(store.connection, article)
    if reading is None or id is None:
        return None
    statements = record_of(store.connection, reading).statements
    return next(((reading << 14) + n for n, one in enumerate(statements) if one.id == id), None)


def undo(request: Request) -> Response:
    """Takes a judgement back, by its key; it is kept as undone."""
    key = request.path_params["key"]
    if not _is_number(key):
        return problem(404, "no judgement of this key")
    try:
        with Store(behind(request).path) as store:
            store.undo(int(key))
    except OnRecordError as error:
        return problem(404, str(error))
    return JSONResponse({"key": int(key)})
