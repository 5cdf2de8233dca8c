"""What stands before every page: who may ask, what may be sent, and what a browser may do with the answer.

A page of another site must neither read the store (names that lead to this machine are refused, and no other origin is
told anything) nor write to it (a form needs a token, and the right origin). No page runs a script or loads anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
MAX_BODY_BYTES = 2 << 20  # 200,000 characters take 800 KB at most
BODY_S = 30.0  # for a body to come; a text of that length takes a second over any line
PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
LOCAL = ("127.0.0.1", "localhost", "[::1]")
COOKIE = "onrecord_token"
TOO_LONG = f"more than {MAX_BODY_BYTES >> 20} MB"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without any, browsers send forms of ours with the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Wraps an application. `token` is asked for where the store is shown to other machines; None where it is not."""

    def __init__(self, app: Any, *, hosts: tuple[str, ...] = (), token: str | None = None) -> None:
        self._app = app
        self._hosts = (*LOCAL, *hosts)
        self._token = token
        self.secret = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers by itself where something may not be; else passes on, with headers added and the body bounded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    given.setdefault(name, value)
                given.setdefault("Cache-Control", "no-cache")
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, sending)
            return
        await self._app(scope, _bounded(receive), sending)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in self._hosts and host not in self._hosts:
            return _refused(scope, 421, "this name does not lead here")
        if self._token is not None and not self._has_token(scope, headers):
            return _welcomed(scope, self._token) or _refused(scope, 401, "a token is asked for: ?token=…")
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != host:
                return _refused(scope, 403, "another site may not write here")
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
                return _refused(scope, 413, TOO_LONG)
        return None

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        cookies = dict(part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";"))
        given = (bearer, cookies.get(COOKIE, ""))
        return any(hmac.compare_digest(one.encode(), str(self._token).encode()) for one in given)


def _welcomed(scope: Scope, token: str) -> Response | None:
    """Takes the token out of the address into a cookie; None where it is not there or not right."""
    from urllib.parse import parse_qs

    given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    if not hmac.compare_digest(given.encode(), token.encode()):
        return None
    answer = RedirectResponse(scope["path"], 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return answer


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error in the form of RFC 9457."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(told, status, media_type=PROBLEM, headers=headers)


def _refused(scope: Scope, status: int, detail: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    if scope["path"].startswith(PREFIX):
        return problem(status, detail, headers)
    return PlainTextResponse(detail, status, headers=headers)


def _bounded(receive: Receive) -> Receive:
    """Breaks a body off that is longer than it may be, whatever it says of itself, or that drips in."""
    seen, until = 0, time.monotonic() + BODY_S

    async def receiving() -> Any:
        nonlocal seen
        if seen < 0:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError as error:
            raise HTTPException(408, f"more than {BODY_S:.0f} seconds") from error
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                raise HTTPException(413, TOO_LONG)
            if not message.get("more_body"):
                seen = -1  # whole; who waits now waits for the end of the connection
        return message

    return receiving


def form_token(secret: bytes, purpose: str) -> str:
    """What a form of ours carries, and no other site can know."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest()


def is_form_token(secret: bytes, purpose: str, given: str) -> bool:
    """Whether a form is ours."""
    return hmac.compare_digest(form_token(secret, purpose), given)
