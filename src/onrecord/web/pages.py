"""The pages: search, article, speaker, side by side, overview, and reading a text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ..errors import OnRecordError
from ..export.harmless import harmless
from ..export.html import Section, facts_of
from ..export.terminal import office_of
from ..export.wording import DOUBTFUL, headline, nested, speaker_of
from ..store import Filters
from ..store.overview import By
from ..types import Record, words_of
from .api import behind
from .asked import CHOICES, NAMES, asked_of
from .chart import bars
from .guard import form_token, is_form_token
from .words import words_for

if TYPE_CHECKING:
    from jinja2 import Environment

SORTS: tuple[By, ...] = ("outlet", "month", "act", "type", "language", "gender")
MOST_BARS = 40
AROUND = 70  # characters shown before and after a statement


def routes() -> list[Route]:
    """The routes of the pages."""
    return [
        Route("/", search),
        Route("/articles/{id:path}", article),
        Route("/statements/{id}", statement),
        Route("/speakers", speakers),
        Route("/speakers/{name:path}", speaker),
        Route("/compare", compare),
        Route("/overview", overview),
        Route("/overview/{by}.svg", chart),
        Route("/overview/{by}.csv", table),
        Route("/read", read, methods=["GET", "POST"]),
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


def _behind(text: str) -> str:
    """The last words before a statement, of its own paragraph."""
    text = text.rpartition("\n")[2]
    return text if len(text) <= AROUND else "… " + text[-AROUND:].partition(" ")[2]


def _ahead(text: str) -> str:
    """The first words after a statement, of its own paragraph."""
    text = text.partition("\n")[0]
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + " …"


def page(request: Request, template: str, status: int = 200, **given: Any) -> Response:
    """A page in the browser's language."""
    words = words_for(request.headers.get("accept-language"))
    shown = {"w": words, "here": request.url.path, "asked": _asked(request), "error": None}
    text = environment().get_template(template).render(shown | given)
    return HTMLResponse(text, status, headers={"Vary": "Accept-Language"})


def _asked(request: Request) -> dict[str, str]:
    """What stands in the fields of the form."""
    return {name: request.query_params.get(name, "") for name in ("q", "order", *NAMES)}


def search(request: Request) -> Response:
    """Statements by words and filters; the newest where nothing is asked."""
    try:
        asked = asked_of(request.query_params)
        hits = list(behind(request).store.search(asked.query, asked.filters, **asked.how()))
    except OnRecordError as error:
        return page(request, "search.html", 400, hits=[], more=None, error=str(error))
    more = None
    if len(hits) == asked.limit and asked.order != "relevance":
        more = "?" + urlencode(dict(request.query_params) | {"cursor": str(hits[-1].key)})
    return page(request, "search.html", hits=hits, more=more)


def article(request: Request) -> Response:
    """An article with its statements marked, and the list of them."""
    record = behind(request).store.record(request.path_params["id"])
    return not_found(request) if record is None else page(request, "article.html", **shown(record))


def shown(record: Record) -> dict[str, Any]:
    """What the article's page shows of a record."""
    from markupsafe import Markup

    section = Section(record, 0)
    told = [
        {
            "statement": one, "depth": depth, "speaker": speaker_of(one), "office": office_of(record.article, one),
            "words": words_of(record.article, one.content), "facts": list(facts_of(record.article, one)),
        }
        for one, depth in nested(record.statements)
    ]  # fmt: skip
    # Made of escaped and harmless text by the export of the same name
    text = Markup("".join(section.paragraphs()))
    return {"record": record, "title": headline(record.article), "told": told, "text": text}


def statement(request: Request) -> Response:
    """The permanent link of a statement: its article, with the statement in sight."""
    found = behind(request).store.statement(request.path_params["id"])
    if not found:
        return not_found(request)
    record, id = found[0]
    return RedirectResponse(f"/articles/{quote(record.article.id, safe='')}#a0-{quote(id)}", 302)


def speakers(request: Request) -> Response:
    """Who is quoted most."""
    found = list(behind(request).store.speakers(asked_of(request.query_params).filters, limit=200))
    return page(request, "speakers.html", speakers=found)


def speaker(request: Request) -> Response:
    """Everything that somebody is on record with, the newest first."""
    name, store = request.path_params["name"], behind(request).store
    asked = Filters(speaker=name)
    names = list(store.speakers(asked, everybody=True))
    if not names:
        return not_found(request)
    given = asked_of(request.query_params)
    hits = list(store.search(None, asked, limit=given.limit, after_key=given.cursor))
    more = f"?cursor={hits[-1].key}" if len(hits) == given.limit else None
    months = [count for count in store.counts("month", asked) if count.value]
    return page(
        request, "speaker.html", name=name, names=names, hits=hits, more=more, months=months[-MOST_BARS:],
        acts=store.counts("act", asked), most=max((count.statements for count in months), default=1),
    )  # fmt: skip


def compare(request: Request) -> Response:
    """Two speakers, or one question put to both, side by side."""
    given = {name: request.query_params.get(name, "").strip() for name in ("left", "right", "q")}
    columns = []
    try:
        for name in (given["left"], given["right"]):
            hits = behind(request).store.search(given["q"] or None, Filters(speaker=name), limit=50) if name else ()
            columns.append((name, list(hits)))
    except OnRecordError as error:
        return page(request, "compare.html", 400, given=given, columns=[], error=str(error))
    return page(request, "compare.html", given=given, columns=columns)


def overview(request: Request) -> Response:
    """What the store holds, counted in several ways."""
    found = {by: behind(request).counts(by) for by in SORTS}
    whole = sum(count.statements for count in found["act"]) or 1
    counts = {by: some[-MOST_BARS:] if by == "month" else some[:MOST_BARS] for by, some in found.items()}
    return page(request, "overview.html", stats=behind(request).store.stats(), counts=counts, whole=whole)


def _sort(request: Request) -> By | None:
    return next((by for by in SORTS if by == request.path_params["by"]), None)


def chart(request: Request) -> Response:
    """A count as a picture to paste into a report."""
    by = _sort(request)
    if by is None:
        return not_found(request)
    counts = behind(request).counts(by)[:MOST_BARS]
    words = words_for(request.headers.get("accept-language"))
    rows = [(words.get(one.value, one.value) or words["not_known"], one.statements) for one in counts]
    return Response(bars(rows), media_type="image/svg+xml", headers=_as_file(f"{by}.svg"))


def table(request: Request) -> Response:
    """A count as a table."""
    import csv
    import io

    from ..export.csvform import safe

    by = _sort(request)
    if by is None:
        return not_found(request)
    out = io.StringIO()
    rows: Iterable[tuple[str, int]] = ((safe(one.value), one.statements) for one in behind(request).counts(by))
    csv.writer(out).writerows([(by, "statements"), *rows])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=_as_file(f"{by}.csv"))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


async def read(request: Request) -> Response:
    """A text that somebody pastes, read at once; kept only when they say so."""
    from starlette.concurrency import run_in_threadpool

    secret: bytes = request.app.state.guard.secret
    token = form_token(secret, "read")
    if request.method == "GET":
        return page(request, "read.html", token=token, text="", kept=False, told=None)
    form = await request.form()
    text = str(form.get("text", "")).replace("\r\n", "\n")
    if not is_form_token(secret, "read", str(form.get("token", ""))):
        return page(request, "read.html", 403, token=token, text=text, kept=False, told=None, error="×")
    keep = form.get("keep") == "1"
    try:
        record = await run_in_threadpool(behind(request).read, text, None)
        if keep:
            await run_in_threadpool(behind(request).keep, record)
    except OnRecordError as error:
        return page(request, "read.html", 422, token=token, text=text, kept=False, told=None, error=str(error))
    given: dict[str, Any] = {"text_given": text, "kept": keep, "token": token} | shown(record)
    return page(request, "read.html", **given)


STATIC = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


def static(request: Request) -> Response:
    """The style sheet and the icon."""
    name = request.path_params["name"]
    if name not in STATIC:
        return not_found(request)
    text = (files("onrecord.web") / "static" / name).read_text(encoding="utf-8")
    return Response(text, media_type=STATIC[name], headers={"Cache-Control": "max-age=3600"})


def not_found(request: Request) -> Response:
    """A page for what is not there."""
    return page(request, "message.html", 404, message="not_found")
