"""Bars as SVG: a picture by itself, that loads nothing and can be pasted into a report."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..export.harmless import harmless

WIDTH, LABEL, BAR, ROW = 720, 220, 420, 24  # pixels
LONGEST = 34  # characters of a label


def bars(rows: Sequence[tuple[str, int]]) -> str:
    """Rows of a label and a number, as bars from the left, the numbers behind them."""
    most = max((number for _, number in rows), default=1) or 1
    height = ROW * max(1, len(rows)) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="13" role="img">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for n, (label, number) in enumerate(rows):
        top = 8 + n * ROW
        shown = label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"
        length = round(BAR * number / most, 1)
        text = escape(harmless(shown))
        parts.append(f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end" fill="#222">{text}</text>')
        parts.append(f'<rect x="{LABEL}" y="{top + 3}" width="{length}" height="{ROW - 6}" fill="#3a68a8"/>')
        parts.append(f'<text x="{LABEL + length + 6}" y="{top + 16}" fill="#222">{number}</text>')
    return "\n".join([*parts, "</svg>"])
