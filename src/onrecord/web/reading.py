"""The page that reads a text or an address which somebody pastes; kept only when they say so."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import OnRecordError
from .api import behind
from .guard import form_token, is_form_token
from .marked import shown
from .pages import page, words_of

PURPOSE = "read"


def routes() -> list[Route]:
    """The route of the page."""
    return [Route("/read", read, methods=["GET", "POST"])]


async def read(request: Request) -> Response:
    """The form, or what was found in what it sends."""
    secret: bytes = request.app.state.guard.secret
    told: dict[str, Any] = {"token": form_token(secret, PURPOSE), "given": "", "url": "", "kept": False, "told": None}
    if request.method == "GET":
        return page(request, "read.html", **told)
    words, form = words_of(request), await request.form()
    text, url = (str(form.get(name, "")).replace("\r\n", "\n") for name in ("text", "url"))
    told |= {"given": text, "url": url.strip()}
    if not is_form_token(secret, PURPOSE, str(form.get("token", ""))):
        return page(request, "read.html", 403, **told, error=words["expired"])
    if not text.strip() and not url.strip():
        return page(request, "read.html", 422, **told, error=words["neither"])
    keep = form.get("keep") == "1"
    try:
        if text.strip():
            record = await run_in_threadpool(behind(request).read, text)
        else:
            record = await run_in_threadpool(behind(request).read_address, url.strip())
        if keep:
            await run_in_threadpool(behind(request).keep, record)
    except OnRecordError as error:
        return page(request, "read.html", 422, **told, error=str(error))
    return page(request, "read.html", **(told | {"kept": keep} | shown(record, words)))
