"""The overview: who is quoted, how often and how, each share with its interval; as pages, pictures and tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import OnRecordError, QueryError
from ..export.csvform import safe
from ..store import Filters
from ..store.overview import By, Count, counts_within
from ..store.shares import share
from .api import behind
from .asked import CHOICES, asked_of
from .chart import Bar, bars, told
from .pages import not_found, page, words_of

SORTS: tuple[By, ...] = ("speaker", "type", "act", "gender", "office", "outlet", "month", "language")
# How many sorts there may be where the reader decides; outlet, month and language are what the article says
DECIDED: dict[By, int] = {"type": len(CHOICES["type"]), "act": len(CHOICES["act"]), "gender": 2}
MANY = 1_000  # names and offices
PARTLY: frozenset[By] = frozenset(("speaker", "gender", "office"))  # shares are of those that are known
MOST_BARS = 20
OF: tuple[tuple[By, str], ...] = (
    ("type", "direct"), ("type", "mixed"), ("type", "indirect"), ("gender", "feminine"), ("gender", "masculine"),
    ("act", "deny"), ("speaker", ""),
)  # fmt: skip
EACH: tuple[Literal["outlet", "month"], ...] = ("outlet", "month")


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A count with all that is shown of it; `name` is that of its files."""

    name: str
    title: str
    rows: tuple[Bar, ...]
    unknown: int = 0  # left out of the shares


def routes() -> list[Route]:
    """The routes of the overview."""
    return [
        Route("/overview", overview),
        Route("/overview/{name}.svg", chart),
        Route("/overview/{name}.csv", table),
    ]


def overview(request: Request) -> Response:
    """What the store holds, counted in several ways, over all of it or an outlet, a language, a span of days."""
    try:
        asked = _filters(request)
        plots = [_plot(request, sort, asked) for sort in SORTS]
        within = _within(request, asked)
    except OnRecordError as error:
        return page(request, "message.html", 400, message=None, error=str(error))
    query = {name: value for name, value in request.query_params.items() if value and name not in ("of", "each")}
    return page(
        request, "overview.html", scripted=True, held=behind(request).once("held", behind(request).store.held),
        plots=plots, within=within, told=told, query=f"?{urlencode(query)}" if query else "",
        within_query="?" + urlencode(query | {"of": _of(request), "each": _each(request)}), of=_of(request),
        each=_each(request), choices_of=[f"{sort}-{value}" for sort, value in OF], choices_each=EACH,
    )  # fmt: skip


def _filters(request: Request) -> Filters:
    told = asked_of(request.query_params).filters
    return Filters(outlet=told.outlet, language=told.language, after=told.after, before=told.before)


def _plot(request: Request, by: By, asked: Filters) -> Plot:
    found = behind(request).counts(asked)
    counts, whole = found[by], found["act"]  # of acts there are few: they name all statements
    unknown = next((one for one in counts if not one.value), Count("", 0)) if by in PARTLY else Count("", 0)
    all = sum(one.statements for one in whole) - unknown.statements
    right = sum(one.right for one in whole) - unknown.right
    kept = [one for one in counts if one.value or by not in PARTLY]
    kept = kept[-MOST_BARS:] if by == "month" else kept[:MOST_BARS]
    words = words_of(request)
    rows = tuple(_bar(_label(by, one.value, words), one, (all, right), _sorts(by)) for one in kept)
    return Plot(name=by, title=words[by], rows=rows, unknown=unknown.statements)


def _bar(label: str, one: Count, whole: tuple[int, float], sorts: int | None) -> Bar:
    all, right = whole
    found = share(sort=one.statements, sort_right=min(one.right, right), all=all, all_right=right, sorts=sorts)
    return Bar(label=label, number=one.statements, share=found.value, low=found.low, high=found.high)


def _sorts(by: By) -> int | None:
    return DECIDED.get(by, MANY) if by in ("speaker", "office", *DECIDED) else None


def _within(request: Request, asked: Filters) -> Plot:
    """The share of one sort by outlet or month."""
    words, each = words_of(request), _each(request)
    sort, value = next(one for one in OF if f"{one[0]}-{one[1]}" == _of(request))
    store = behind(request).store
    found = behind(request).once(
        ("within", asked, each, sort, value),
        lambda: counts_within(store.connection, asked, each, sort, value, known=sort == "gender"),
    )
    found = found[-MOST_BARS:] if each == "month" else found[:MOST_BARS]
    rows = tuple(
        _bar(f"{all.value or words['not_known']} ({all.statements})", some, (all.statements, all.right), _sorts(sort))
        for all, some in found
    )
    return Plot(
        name="share",
        title=f"{words['share']} · {_label(sort, value, words)}, {words['each']} {words[each].lower()}",
        rows=rows,
    )


def _label(by: By, value: str, words: Mapping[str, str]) -> str:
    """A value as people read it; names are left as they are."""
    if not value:
        return words["unknown" if by == "speaker" else "not_known"]
    return words.get(value, value) if by in ("act", "type", "gender") else value


def _of(request: Request) -> str:
    given = request.query_params.get("of", "type-direct")
    if given not in {f"{sort}-{value}" for sort, value in OF}:
        raise QueryError(f"no share of {given!r}", remedy="take one from the list")
    return given


def _each(request: Request) -> Literal["outlet", "month"]:
    given = request.query_params.get("each", "month")
    found = next((one for one in EACH if one == given), None)
    if found is None:
        raise QueryError(f"no shares by {given!r}", remedy=f"one of {', '.join(EACH)}")
    return found


def _named(request: Request) -> Plot | None:
    """The plot that an address names."""
    name = request.path_params["name"]
    if name == "share":
        return _within(request, _filters(request))
    by = next((by for by in SORTS if by == name), None)
    return None if by is None else _plot(request, by, _filters(request))


def chart(request: Request) -> Response:
    """A count as a picture to paste into a report."""
    plot = _named(request)
    if plot is None:
        return not_found(request)
    svg = bars(plot.rows, title=plot.title, below=_below(request, plot))
    return Response(svg, media_type="image/svg+xml", headers=_as_file(f"{plot.name}.svg"))


def _below(request: Request, plot: Plot) -> str:
    words, asked = words_of(request), _filters(request)
    span = " – ".join(filter(None, (asked.after, asked.before)))
    known = words["of_known"].format(plot.unknown) if plot.unknown else ""
    return " · ".join(filter(None, ("onrecord", asked.outlet, span, asked.language, known, words["interval_short"])))


def table(request: Request) -> Response:
    """A count as a table."""
    plot = _named(request)
    if plot is None:
        return not_found(request)
    out = io.StringIO()
    csv.writer(out).writerows([(plot.name, "statements", "share", "low", "high"), *map(_cells, plot.rows)])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=_as_file(f"{plot.name}.csv"))


def _cells(row: Bar) -> Sequence[object]:
    shares = ("" if one is None else f"{one:.4f}" for one in (row.share, row.low, row.high))
    return (safe(row.label), row.number, *shares)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
