"""What stands before every page: who may ask, what may be sent, and what a browser may do with the answer.

A page of another site must neither read the store (names that lead to this machine are refused, and no other origin is
told anything) nor write to it (a form needs a token, and the right origin). No page runs a script or loads anything.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
MAX_BODY_BYTES = 2 << 20  # 200,000 characters take 800 KB at most
LOCAL = ("127.0.0.1", "localhost", "[::1]")
COOKIE = "onrecord_token"
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
            return PlainTextResponse("this name does not lead here", 421)
        if self._token is not None and not self._has_token(scope, headers):
            return _welcomed(scope, self._token) or PlainTextResponse("a token is asked for: ?token=…", 401)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != host:
                return PlainTextResponse("another site may not write here", 403)
            if int(headers.get("content-length") or 0) > MAX_BODY_BYTES:
                return PlainTextResponse(f"more than {MAX_BODY_BYTES >> 20} MB", 413)
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


def _bounded(receive: Receive) -> Receive:
    """Cuts a body off that is longer than it may be, whatever it says of itself."""
    seen = 0

    async def receiving() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                return {"type": "http.disconnect"}
        return message

    return receiving


def form_token(secret: bytes, purpose: str) -> str:
    """What a form of ours carries, and no other site can know."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest()


def is_form_token(secret: bytes, purpose: str, given: str) -> bool:
    """Whether a form is ours."""
    return hmac.compare_digest(form_token(secret, purpose), given)
