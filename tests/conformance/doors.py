"""A door before an object store, which can be told how badly to answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

SLOW_S = 0.2
HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}  # of one connection, not of a message
BUSY = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'


class Door(ThreadingHTTPServer):
    """Passes requests on; how, `manner` says.

    "well", "slow", "errors": every third one is refused; "stops": from the first output on, nothing is answered.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Passer)
        self.behind = 0  # the port of the store
        self.manner = "well"
        self.asked = count(1)
        self.refused = 0
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of clients that went away."""


class _Passer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        manner = self.server.manner
        if manner == "stops" and self.command in {"PUT", "POST"}:
            self.server.manner = manner = "silent"
        if manner == "silent":
            self.server.closing.wait()
            self.close_connection = True
            return
        if manner == "slow":
            time.sleep(SLOW_S)
        if manner == "errors" and next(self.server.asked) % 3 == 0:
            self.server.refused += 1
            self._answer(503, [("Content-Type", "application/xml")], BUSY)
            return
        behind = HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        told = answer.read()
        length = None if self.command != "HEAD" else answer.getheader("Content-Length")
        self._answer(answer.status, answer.getheaders(), told, length)
        behind.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass


@contextmanager
def open_door() -> Iterator[Door]:
    """A door that is open; what is behind it is told to it."""
    with Door() as door:
        thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield door
        finally:
            door.closing.set()
            door.shutdown()
            thread.join()
