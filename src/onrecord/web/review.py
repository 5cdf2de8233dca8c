"""The page on which people decide: the least certain statement first, one key to confirm it, everything undoable."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..store import Store
from ..store.judgements import place_of
from ..store.lookup import record_of
from ..store.search import hit_of
from ..types import Speaker
from .api import behind
from .guard import form_token, is_form_token
from .pages import page

VERDICTS = ("confirmed", "rejected", "speaker")
NAME = "onrecord_name"  # cookie with the name of who decides
PURPOSE = "review"


def routes() -> list[Route]:
    """The routes of the page."""
    return [Route("/review", show), Route("/review", decide, methods=["POST"])]


def show(request: Request) -> Response:
    """The next statement that nobody has judged."""
    store = behind(request).store
    key = next(store.unsure(after=_after(request.query_params.get("after", ""))), None)
    told: dict[str, Any] = {"hit": None, "paragraph": None, "names": (), "place": ""}
    if key is not None:
        told = _told(store, key)
    token = form_token(request.app.state.guard.secret, PURPOSE)
    last = request.query_params.get("last", "")
    return page(request, "review.html", last=last if last.isdigit() else "", token=token, who=_who(request), **told)


def _told(store: Store, key: int) -> dict[str, Any]:
    """A statement with its paragraph, and whom its article quotes."""
    hit, record = hit_of(store.connection, key), record_of(store.connection, key >> 14)
    statement = record.statements[key & 16383]
    text, first, last = record.article.text, statement.content[0].start, statement.content[-1].end
    begin = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    paragraph = (text[begin:first], text[first:last], text[last : end if end >= 0 else len(text)])
    names = list(dict.fromkeys(s.speaker.name for s in record.statements if isinstance(s.speaker, Speaker)))
    confidence, place = place_of(store.connection, key)
    return {"hit": hit, "paragraph": paragraph, "names": names, "place": f"{confidence},{place}"}


def _after(text: str) -> tuple[int, int]:
    """The place that an address names; the beginning for anything else."""
    confidence, _, key = text.partition(",")
    if not (confidence.isascii() and confidence.isdigit() and key.isascii() and key.isdigit()):
        return (-1, -1)
    return int(confidence[:4]), int(key[:18])


def _who(request: Request) -> str:
    return unquote(request.cookies.get(NAME, ""))


async def decide(request: Request) -> Response:
    """Keeps a judgement, or takes the last one back, and shows the next."""
    form = await request.form()
    if not is_form_token(request.app.state.guard.secret, PURPOSE, str(form.get("token", ""))):
        return page(request, "message.html", 403, message="error")
    if (given := str(form.get("undo", ""))).isdigit():
        await run_in_threadpool(_undo, request, int(given[:18]))
        return RedirectResponse("/review", 303)
    verdict, statement = str(form.get("verdict", "")), str(form.get("statement", ""))
    if verdict not in VERDICTS or not statement.isdigit():
        return page(request, "message.html", 400, message="error")
    who = str(form.get("who", "")).strip()[:80]
    speaker = str(form.get("speaker", "")).strip()[:200] if verdict == "speaker" else None
    last = await run_in_threadpool(_judge, request, int(statement[:19]), verdict, who, speaker)
    answer = RedirectResponse(f"/review?last={last}", 303)
    answer.set_cookie(NAME, quote(who), httponly=True, samesite="strict", max_age=365 * 86400)
    return answer


def _judge(request: Request, statement: int, verdict: Any, who: str, speaker: str | None) -> int:
    with Store(behind(request).path) as store:
        return store.judge(statement, verdict, who=who or "?", speaker=speaker)


def _undo(request: Request, judgement: int) -> None:
    with Store(behind(request).path) as store:
        store.undo(judgement)
