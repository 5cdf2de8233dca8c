"""What is asked of a store, as text for people and as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ..export.csvform import safe
from ..export.harmless import harmless
from ..export.terminal import BARS, STYLES
from ..store import Hit

MIN_WIDTH, MAX_WIDTH = 40, 100  # columns


def render(rows: Iterable[msgspec.Struct], form: str) -> Iterator[str]:
    """Rows as "json", one array; "jsonl", an object a line; or "csv" with its header. A piece each."""
    if form == "jsonl":
        yield from (_object(row) + "\n" for row in rows)
    elif form == "json":
        number = 0
        for number, row in enumerate(rows, 1):
            yield ("[\n" if number == 1 else ",\n") + _object(row)
        yield "\n]\n" if number else "[]\n"
    else:
        for number, row in enumerate(rows):
            told = msgspec.structs.asdict(row)
            if not number:
                yield _line(told)
            yield _line(_cell(value) for value in told.values())


def _object(row: msgspec.Struct) -> str:
    return json.dumps(msgspec.to_builtins(row), ensure_ascii=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return safe(str(value))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


class Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[Hit]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Hit]:
        for row in self._rows:
            self.number += 1
            yield row


class Painter:
    """Wraps text in styles, or leaves it plain."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._color and text else text


def hit(one: Hit, *, width: int, color: bool) -> str:
    """A statement on a few lines: when and where, who did what, the words, the title."""
    paint = Painter(color=color)
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    who = one.speaker or f"unknown speaker ({(one.unknown or '').strip('[]').split(',')[0].strip(chr(34))})"
    office = f", {one.office}" if one.office else ""
    act = f"{'not ' if one.negated else ''}{one.act}"
    lines = [paint(harmless(who), "speaker") + harmless(f"{office} · {act}")]
    words = _wrapped(one.words, width, f"  {BARS[one.type]} ")
    lines += [paint(line, one.type) for line in words]
    place = (one.published or "undated", one.outlet, one.title or one.article)
    first = f", first {one.first_outlet or one.first_article}" if one.first_article else ""
    notices = "".join(f" · {notice}" for notice in one.notices)
    notices += f" · carried {one.copies + 1} times{first}" if one.copies else ""
    where = harmless(" · ".join(part for part in place if part)) + notices
    lines += [paint(line, "dim") for line in _wrapped(f"{where}  [{one.id}]", width, "    ")]
    return "\n".join(lines) + "\n\n"


def table(header: tuple[str, ...], rows: Iterable[tuple[Any, ...]], *, width: int, color: bool) -> str:
    """Columns under their names; numbers to the right, the first column cut where the line is too long."""
    paint = Painter(color=color)
    cells = [tuple("" if value is None else harmless(str(value)) for value in row) for row in rows]
    numbers = [all(isinstance(row[n], int) for row in rows) for n in range(len(header))] if cells else []
    sizes = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    sizes[0] = max(8, min(sizes[0], width - sum(sizes[1:]) - 2 * len(sizes) + 2))

    def line(row: tuple[str, ...]) -> str:
        parts = []
        for n, cell in enumerate(row):
            shown = cell if len(cell) <= sizes[n] else cell[: sizes[n] - 1] + "…"
            parts.append(shown.rjust(sizes[n]) if numbers and numbers[n] else shown.ljust(sizes[n]))
        return "  ".join(parts).rstrip()

    return "\n".join([paint(line(header), "dim"), *(line(row) for row in cells)]) + "\n"


def _wrapped(text: str, width: int, lead: str) -> list[str]:
    return textwrap.wrap(
        harmless(" ".join(text.split())), width, initial_indent=lead, subsequent_indent=lead,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
