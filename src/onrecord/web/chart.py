"""Bars as SVG: a picture by itself, that loads nothing and can be pasted into a report."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import msgspec

from ..export.harmless import harmless

WIDTH, LABEL, BAR, ROW, HEAD = 640, 210, 250, 26, 54  # pixels
LONGEST = 26  # characters of a label
INK, DIM, FILL = "#222", "#555", "#3a68a8"


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what it is called, how many, and the share with its interval; None where there is no share."""

    label: str
    number: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def bars(rows: Sequence[Bar], *, title: str, below: str) -> str:
    """Rows as bars from the left, the interval as a line over the end, the numbers behind; `below` says whence."""
    most = max((row.high or row.share or 0 for row in rows), default=1) or 1
    height = HEAD + ROW * max(1, len(rows)) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="sans-serif" font-size="14" role="img" aria-label="{_text(title)}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="28" font-size="16" font-weight="bold" fill="{INK}">{_text(title)}</text>',
    ]
    for n, row in enumerate(rows):
        parts += _row(row, HEAD + n * ROW, BAR / most)
    parts.append(f'<text x="16" y="{height - 12}" font-size="12" fill="{DIM}">{_text(below)}</text>')
    return "\n".join([*parts, "</svg>"])


def _row(row: Bar, top: int, scale: float) -> list[str]:
    label = row.label if len(row.label) <= LONGEST else row.label[: LONGEST - 1] + "…"
    length = round((row.share or 0) * scale, 1)
    parts = [
        f'<text x="{LABEL - 8}" y="{top + 18}" text-anchor="end" fill="{INK}">{_text(label)}</text>',
        f'<rect x="{LABEL}" y="{top + 4}" width="{length}" height="{ROW - 8}" fill="{FILL}"/>',
    ]
    end = LABEL + length
    if row.low is not None and row.high is not None:
        left, right = (round(LABEL + at * scale, 1) for at in (row.low, row.high))
        middle = top + ROW // 2
        parts.append(
            f'<path d="M{left} {middle - 4}v8M{left} {middle}H{right}M{right} {middle - 4}v8" stroke="#fff"'
            f' stroke-width="4" fill="none"/><path d="M{left} {middle - 4}v8M{left} {middle}H{right}M{right}'
            f' {middle - 4}v8" stroke="{INK}" stroke-width="1.5" fill="none"/>'
        )
        end = max(end, right)
    parts.append(f'<text x="{end + 8}" y="{top + 18}" fill="{INK}">{_text(told(row))}</text>')
    return parts


def told(row: Bar) -> str:
    """The number with its share and interval: "12 · 40 % (27–60)"; the number alone where there is no share."""
    if row.share is None:
        return f"{row.number}"
    if row.low is None or row.high is None:
        return f"{row.number} · {100 * row.share:.0f} %"
    return f"{row.number} · {100 * row.share:.0f} % ({100 * row.low:.0f}–{100 * row.high:.0f})"


def _text(text: str) -> str:
    return escape(harmless(text))
