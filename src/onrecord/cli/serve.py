"""`onrecord serve`: the store in a browser."""

from __future__ import annotations

import secrets
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

import rich_click as click

from ..errors import OnRecordError
from ..settings import Settings
from .stored import place

HELP = """Show a store in the browser.

Search, articles with their statements marked, speakers, two side by side, an overview, a page to paste a text into; and
an API under /api/v1.

Nothing leaves this machine, and no other machine sees the pages, unless --host names an address of the network: then a
token is asked for, which is printed at the start.

\b
Examples:
  onrecord serve                    the store onrecord.db here, in the browser
  onrecord serve news.db --port 8001 --no-browser
"""
LOOPBACK = "127.0.0.1"


@click.command(name="serve", help=HELP)
@click.argument("path", required=False, metavar="FILE.db", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(1, 65535), default=8777, show_default=True, metavar="N", help="Port.")
@click.option("--host", default=LOOPBACK, show_default=True, metavar="ADDRESS", help="Address to listen at.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def command(*, path: Path | None, port: int, host: str, no_browser: bool) -> int:
    """See HELP."""
    uvicorn = _server()
    from ..web.app import make_app

    token = None if host in (LOOPBACK, "localhost", "::1") else secrets.token_urlsafe(24)
    hosts = () if token is None else (host,)
    app = make_app(place(path), Settings(), hosts=hosts, token=token)
    address = f"http://{host}:{port}/" + (f"?token={token}" if token else "")
    click.echo(f"{place(path)}: {address}   (stop with Ctrl and C)")
    if token:
        click.echo(f"onrecord: whoever reaches {host} with the token can read and write this store", err=True)
    if not no_browser and sys.stdout.isatty():
        threading.Timer(0.8, webbrowser.open, (address,)).start()
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
    return 0


def _server() -> Any:
    """uvicorn, and what the pages need beside it. Raises OnRecordError where the extra is not installed."""
    try:
        import jinja2
        import multipart
        import starlette
        import uvicorn
    except ImportError as error:
        raise OnRecordError(
            f"the pages need libraries that are not installed ({error.name})", remedy='pip install "onrecord[web]"'
        ) from error
    assert jinja2 and multipart and starlette  # noqa: S101 - asked for above
    return uvicorn
