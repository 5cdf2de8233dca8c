"""The pages: search, article, speaker, side by side; those that read or count are in reading.py and overviews.py."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ..errors import OnRecordError
from ..export.harmless import harmless
from ..export.wording import DOUBTFUL
from ..store import Filters, Hit
from ..store.profile import is_left_out, known_as
from .api import behind
from .asked import CHOICES, NAMES, Asked, asked_of
from .guard import HEADERS
from .marked import shown
from .narrowing import chips, sorts
from .words import words_for

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_MONTHS = 36
MOST_SPEAKERS = 200  # on the page of who is quoted
AROUND = 70  # characters shown before and after a statement
A_SIDE = 50  # statements on either side of two
SCRIPTED = HEADERS["Content-Security-Policy"] + "; script-src 'self'"


def routes() -> list[Route]:
    """The routes of the pages."""
    return [
        Route("/", search),
        Route("/articles/{id:path}", article),
        Route("/statements/{id}", statement),
        Route("/speakers", speakers),
        Route("/speakers/{name:path}", speaker),
        Route("/compare", compare),
        Route("/static/{name}", static),
    ]


@cache
def environment() -> Environment:
    """The templates. Everything that they are given is escaped and made harmless."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("onrecord.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=lambda value: harmless(value) if type(value) is str else value,
    )  # fmt: skip
    made.filters.update(behind=_behind, ahead=_ahead)
    made.globals.update(quoted=lambda text: quote(text, safe=""), choices=CHOICES, doubtful=DOUBTFUL)
    return made


def prepare() -> None:
    """Compiles the templates, a tenth of a second, before anybody waits for the first page."""
    for name in environment().list_templates():
        environment().get_template(name)


def _behind(text: str) -> str:
    """The last words before a statement, of its own paragraph."""
    text = text.rpartition("\n")[2]
    return text if len(text) <= AROUND else "… " + text[-AROUND:].partition(" ")[2]


def _ahead(text: str) -> str:
    """The first words after a statement, of its own paragraph."""
    text = text.partition("\n")[0]
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + " …"


def page(request: Request, template: str, status: int = 200, *, scripted: bool = False, **given: Any) -> Response:
    """A page in the browser's language; `scripted` pages may run scripts of our own, and hold no text of articles."""
    words = words_for(request.headers.get("accept-language"))
    shown = {"w": words, "here": request.url.path, "asked": _asked(request), "error": None}
    text = environment().get_template(template).render(shown | given)
    headers = {"Vary": "Accept-Language"} | ({"Content-Security-Policy": SCRIPTED} if scripted else {})
    return HTMLResponse(text, status, headers=headers)


def words_of(request: Request) -> Any:
    """The words in the browser's language."""
    return words_for(request.headers.get("accept-language"))


def _asked(request: Request) -> dict[str, str]:
    """What stands in the fields of the form."""
    return {name: request.query_params.get(name, "") for name in ("q", "order", *NAMES)}


def search(request: Request) -> Response:
    """Statements by words and filters; the newest where nothing is asked."""
    try:
        asked = asked_of(request.query_params)
        hits = list(behind(request).store.search(asked.query, asked.filters, **asked.how()))
        found = behind(request).facets(asked.query, asked.filters)
    except OnRecordError as error:
        return page(request, "search.html", 400, hits=[], more=None, facets=None, chips=[], sorts=[], error=str(error))
    words, given = words_of(request), dict(request.query_params)
    return page(
        request, "search.html", hits=hits, more=_more(asked, hits, given), facets=found, chips=chips(given, words),
        sorts=sorts(found, given, words),
    )  # fmt: skip


def _more(asked: Asked, hits: list[Hit], given: dict[str, str]) -> str | None:
    """The address of the next page."""
    if len(hits) < asked.limit or asked.order == "relevance":
        return None
    return "?" + urlencode(given | {"cursor": str(hits[-1].key)})


def article(request: Request) -> Response:
    """An article with its statements marked, and the list of them; `statement` is the one to be found in it."""
    record = behind(request).store.record(request.path_params["id"])
    if record is None:
        return not_found(request)
    return page(
        request, "article.html", **shown(record, words_of(request), chosen=request.query_params.get("statement"))
    )


def statement(request: Request) -> Response:
    """The permanent link of a statement: its article, with the statement in sight."""
    found = behind(request).store.statement(request.path_params["id"])
    if not found:
        return not_found(request)
    record, id = found[0]
    where = f"/articles/{quote(record.article.id, safe='')}?statement={quote(id)}#a0-{quote(id)}"
    return RedirectResponse(where, 302)


def speakers(request: Request) -> Response:
    """Who is quoted most."""
    try:
        asked = asked_of(request.query_params).filters
        found = behind(request).once(
            ("speakers", asked), lambda: list(behind(request).store.speakers(asked, limit=MOST_SPEAKERS))
        )
    except OnRecordError as error:
        return page(request, "speakers.html", 400, speakers=[], error=str(error))
    return page(request, "speakers.html", speakers=found)


def speaker(request: Request) -> Response:
    """Everything that somebody is on record with, the newest first, and what that has in common."""
    name, store = request.path_params["name"], behind(request).store
    asked = Filters(speaker=name)
    names = behind(request).once(("named", name), lambda: list(store.speakers(asked, everybody=True)))
    if not names:
        return not_found(request)
    try:
        given = asked_of(request.query_params)
    except OnRecordError as error:
        return page(request, "message.html", 400, message=None, error=str(error))
    found = list(store.search(None, asked, limit=given.limit, after_key=given.cursor))
    more = f"?cursor={found[-1].key}" if len(found) == given.limit else None
    hits = [hit for hit in found if hit.verdict is None or not is_left_out(store.connection, hit.key, name)]
    profile = behind(request).once(("profile", name), lambda: store.profile(name))
    months = profile.months[-MOST_MONTHS:]
    return page(
        request, "speaker.html", names=names, hits=hits, more=more, profile=profile, months=months[::-1],
        known_as=known_as(store.connection, name), most=max((sum(acts.values()) for _, acts in months), default=1),
    )  # fmt: skip


def compare(request: Request) -> Response:
    """Two speakers, or one question: those who affirm beside those who deny; by month."""
    given = {name: request.query_params.get(name, "").strip() for name in ("left", "right", "q")}
    words, query = words_of(request), given["q"] or None
    sides: list[tuple[str, Filters]] = []
    if given["left"] or given["right"]:
        sides = [(name, Filters(speaker=name)) for name in (given["left"], given["right"]) if name]
    elif query:
        sides = [(words["affirmed"], Filters()), (words["denials"], Filters(act="deny", negated=False))]
    try:
        columns = [(name, _side(request, query, asked)) for name, asked in sides]
    except OnRecordError as error:
        return page(request, "compare.html", 400, given=given, names=[], months=[], most=A_SIDE, error=str(error))
    return page(
        request, "compare.html", given=given, names=[name for name, _ in columns], most=A_SIDE,
        months=_by_month([hits for _, hits in columns]),
    )  # fmt: skip


def _side(request: Request, query: str | None, asked: Filters) -> list[Hit]:
    """One side, the newest first; without denials where it is those who affirm."""
    store = behind(request).store
    if asked != Filters():
        return list(store.search(query, asked, limit=A_SIDE))
    found = store.search(query, asked, limit=4 * A_SIDE)
    return [hit for hit in found if hit.act != "deny" and not hit.negated][:A_SIDE]


def _by_month(columns: list[list[Hit]]) -> list[tuple[str, list[list[Hit]]]]:
    """Month by month, the newest first, what each side has; the undated last."""
    months = sorted({(hit.published or "")[:7] for hits in columns for hit in hits}, reverse=True)
    return [
        (month, [[hit for hit in hits if (hit.published or "")[:7] == month] for hits in columns]) for month in months
    ]


STATIC = {
    "style.css": "text/css",
    "icon.svg": "image/svg+xml",
    "png.js": "text/javascript",
    "review.js": "text/javascript",
}


def static(request: Request) -> Response:
    """Style sheets, the icon and the one script."""
    name = request.path_params["name"]
    if name not in STATIC:
        return not_found(request)
    text = (files("onrecord.web") / "static" / name).read_text(encoding="utf-8")
    return Response(text, media_type=STATIC[name], headers={"Cache-Control": "max-age=3600"})


def not_found(request: Request) -> Response:
    """A page for what is not there."""
    return page(request, "message.html", 404, message="not_found")
