"""The pages on which people decide: the least certain statement first, one key to confirm it, everything undoable."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..errors import OnRecordError, QueryError
from ..store import Store
from ..store.judgements import place_of
from ..store.lookup import reading_of_article, record_of
from ..store.search import hit_of
from ..types import Record, Statement
from .api import behind
from .guard import form_token, is_form_token
from .judging import CHOICES, Told, judged, moved, neighbours, places, told_of
from .pages import SCRIPTED, page

NAME = "onrecord_name"  # cookie with the name of who decides
PURPOSE = "review"
SENDING = f"{SCRIPTED}; connect-src 'self'"  # the script sends forms itself: the next one is there sooner
STEPS, MOST = 5, 50  # judgements that can be taken back beside a statement, and on a page of their own
MERGES = {"merge_previous": 0, "merge_next": 1}


def routes() -> list[Route]:
    """The routes of the pages."""
    return [
        Route("/review", show),
        Route("/review", decide, methods=["POST"]),
        Route("/review/done", done),
    ]


def show(request: Request) -> Response:
    """The next statement that nobody has judged, one that is named, or an article to add one to."""
    asked, store = request.query_params, behind(request).store
    article, id = asked.get("article", ""), asked.get("statement", "")
    after = asked.get("after", "")
    if article:
        found = _named(store, article, id)
        if found is None:
            return page(request, "message.html", 404, message="not_found")
        key, told = found[0], told_of(found[1], found[2])
    else:
        key = next(store.unsure(after=_after(after)), None)
        if key is None:
            return _shown(request, None, None)
        record = record_of(store.connection, key >> 14)
        told = told_of(record, record.statements[key & 16383])
    return _shown(request, key, told)


def _named(store: Store, article: str, id: str) -> tuple[int | None, Record, Statement | None] | None:
    """Key, record and statement of an article; no statement where none is named."""
    reading = reading_of_article(store.connection, article)
    if reading is None:
        return None
    record = record_of(store.connection, reading)
    if not id:
        return None, record, None
    place = next((n for n, one in enumerate(record.statements) if one.id == id), None)
    return None if place is None else ((reading << 14) + place, record, record.statements[place])


def _shown(request: Request, key: int | None, told: Told | None, *, status: int = 200, **more: Any) -> Response:
    store = behind(request).store
    given: dict[str, Any] = {"told": told, "hit": None, "before": None, "behind": None, "place": "", "why": ""}
    if key is not None and told is not None and told.statement is not None:
        confidence, place = place_of(store.connection, key)
        given |= {"hit": hit_of(store.connection, key), "place": f"{confidence},{place}"}
        given["before"], given["behind"] = neighbours(told.record, told.statement)
    answer = page(
        request, "review.html", status, token=form_token(request.app.state.guard.secret, PURPOSE), who=_who(request),
        after=request.query_params.get("after", ""), kinds=CHOICES, done=list(store.judgements(limit=STEPS)),
        **(given | more),
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = SENDING
    return answer


def done(request: Request) -> Response:
    """Everything that was decided, the last first, each to be taken back."""
    before = request.query_params.get("before", "")
    found = list(behind(request).store.judgements(before=int(before[:18]) if before.isdigit() else None, limit=MOST))
    token = form_token(request.app.state.guard.secret, PURPOSE)
    more = found[-1].key if len(found) == MOST else None
    return page(request, "judged.html", done=found, token=token, more=more)


def _after(text: str) -> tuple[int, int]:
    """The place that an address names; the beginning for anything else."""
    confidence, _, key = text.partition(",")
    if not (confidence.isascii() and confidence.isdigit() and key.isascii() and key.isdigit()):
        return (-1, -1)
    return int(confidence[:4]), int(key[:18])


def _who(request: Request) -> str:
    return unquote(request.cookies.get(NAME, ""))


async def decide(request: Request) -> Response:
    """Keeps a judgement, or takes one back, and shows the next."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    if not is_form_token(request.app.state.guard.secret, PURPOSE, form.get("token", "")):
        return page(request, "message.html", 403, message="error")
    after = form.get("after", "")
    onward = "/review" + ("?" + urlencode({"after": after}) if after else "")
    if (given := form.get("undo", "")).isdigit():
        await run_in_threadpool(_undo, request, int(given[:18]))
        return RedirectResponse("/review/done" if form.get("back") == "done" else onward, 303)
    return await run_in_threadpool(_decide, request, form, onward)


def _decide(request: Request, form: dict[str, str], onward: str) -> Response:
    found = _named(behind(request).store, form.get("article", ""), form.get("statement", ""))
    if found is None:  # judged meanwhile, or read anew
        return page(request, "message.html", 409, message="changed_meanwhile")
    key, record, statement = found
    who = form.get("who", "").strip()[:80]
    try:
        if statement is not None and (move := form.get("move")):
            spans = places(record.article.text, form.get("content", ""), statement.content[0].start)
            return _shown(request, key, told_of(record, statement, content=moved(record.article.text, spans, move)))
        _keep(request, found, form, who or "?")
    except OnRecordError as error:
        told = told_of(record, statement)
        told.fields.update({name: form[name] for name in told.fields if name in form})
        return _shown(request, key, told, status=422, error=str(error), why=form.get("why", ""))
    answer = RedirectResponse(onward, 303)
    answer.set_cookie(NAME, quote(who), httponly=True, samesite="strict", max_age=365 * 86400)
    return answer


def _keep(request: Request, found: tuple[int | None, Record, Statement | None], form: dict[str, str], who: str) -> None:
    """Writes what the form says. Raises OnRecordError where it cannot be."""
    key, record, statement = found
    why, verdict = form.get("why", "").strip()[:500], form.get("verdict", "save")
    if "pick" in form:
        form = form | {"speaker": form["pick"]}
    with Store(behind(request).path) as store:
        if key is None or statement is None:
            _, made = judged(record, None, form)
            store.add(record.article.id, made[0], who=who, why=why)
        elif verdict == "rejected":
            store.judge(key, "rejected", who=who, why=why)
        elif verdict in MERGES:
            other = neighbours(record, statement)[MERGES[verdict]]
            place = next((n for n, one in enumerate(record.statements) if other and one.id == other.id), -1)
            if other is None:
                raise QueryError("there is no statement beside it", remedy="add one")
            store.judge(key, "merged", who=who, why=why, other=(key >> 14 << 14) + place)
        else:
            given, made = judged(record, statement, form)
            store.judge(key, given, who=who, why=why, **_told(given, made))


def _told(verdict: str, made: tuple[Any, ...]) -> dict[str, Any]:
    return {"speaker": made[0].speaker} if verdict == "speaker" else {"made": made}


def _undo(request: Request, judgement: int) -> None:
    with Store(behind(request).path) as store:
        store.undo(judgement)
