"""The application: pages and API behind the guard, and what happens to errors."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..errors import OnRecordError, QueryError
from ..settings import Settings
from . import api, deciding, overviews, pages, reading, review
from .guard import PREFIX, Guard, problem
from .stores import Behind, TooLate

log = logging.getLogger(__name__)


def make_app(path: Path, settings: Settings, *, hosts: tuple[str, ...] = (), token: str | None = None) -> Any:
    """An ASGI application over a store, which is made where it is missing.

    Raises StoreError where the file is no store.
    """
    handlers: dict[Any, Any] = {OnRecordError: _wrong, HTTPException: _http, Exception: _failed}
    handlers[sqlite3.OperationalError] = _slow
    routes = [route for part in (api, deciding, review, reading, overviews, pages) for route in part.routes()]
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.behind = Behind(path, settings)
    pages.prepare()
    guard = Guard(Tagged(app), hosts=hosts, token=token)
    app.state.guard = guard
    return guard


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(PREFIX)


def _wrong(request: Request, error: Exception) -> Response:
    status = 400 if isinstance(error, QueryError) else 503 if isinstance(error, TooLate) else 422
    if _is_api(request):
        return problem(status, str(error))
    return pages.page(request, "message.html", status, message=None, error=str(error))


def _slow(request: Request, error: Exception) -> Response:
    """A question that was broken off; anything else that SQLite says is a failure."""
    if any(
        words in str(error) for words in ("interrupted", "vtable constructor failed")
    ):  # the second within the index
        return _wrong(request, TooLate("this takes too long to find", remedy="ask for fewer statements"))
    return _failed(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - this is what it handles
    status = error.status_code
    if _is_api(request):
        detail = error.detail if status in (408, 413) else f"see {PREFIX}/openapi.json"
        return problem(status, detail, error.headers)
    if status == 404:
        return pages.page(request, "message.html", status, message="not_found")
    return pages.page(request, "message.html", status, message=None, error=error.detail)


def _failed(request: Request, error: Exception) -> Response:
    log.error("a page failed", exc_info=error)
    if _is_api(request):
        return problem(500, "see the log of the server")
    return pages.page(request, "message.html", 500, message="error")


class Tagged:
    """Adds an ETag to whole answers, and says so when the browser has the same already."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Passes everything on; an answer to GET that comes in one piece gets its tag."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        wanted = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        start: Any = None

        async def sending(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                first, start = start, None
                if not message.get("more_body") and first["status"] == 200:
                    tag = f'"{hashlib.sha256(message["body"]).hexdigest()[:32]}"'
                    first = first | {"headers": [*first["headers"], (b"etag", tag.encode())]}
                    if tag in wanted:
                        kept = [(n, v) for n, v in first["headers"] if n not in (b"content-length", b"content-type")]
                        first = first | {"status": 304, "headers": kept}
                        message = message | {"body": b""}
                await send(first)
            await send(message)

        await self._app(scope, receive, sending)
