"""Scores as tables for the terminal. Undefined prints as "–"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from .bootstrap import Interval
from .calibration import Calibration
from .count import GROUPS
from .measures import F1, HEADLINES, LINKS, ON_FOUND, SPEAKERS
from .score import Scores, precision_recall_f1
from .spans import Exact

DASH = "–"

# The French rule script (Gender Gap Tracker with fr_core_news_sm, without coreference), scored on fr.dev by the judge.
PEER_NAME = "rule script"
PEER: dict[str, float] = {
    "attributed": 0.16,
    "named": 0.11,
    "content@0.8": 0.36,
    "content@1": 0.28,
    "words": 0.67,
    "speaker": 0.45,
}
PEER_RECALL = {"direct": 0.62, "mixed": 0.25, "indirect": 0.12}


class Column(msgspec.Struct, frozen=True):
    """One gold file's scores under their heading."""

    heading: str
    scores: Scores


def figure(value: float | None) -> str:
    """Two decimals, or a dash."""
    return DASH if value is None else f"{value:.2f}"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns: the first flush left, the others flush right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def headline_table(columns: Sequence[Column]) -> str:
    """F1 with its interval, precision and recall of each headline measure, a column a gold file, the peer last."""
    head = ["", *(f"{c.heading} F1 [95 %] P R" for c in columns), f"{PEER_NAME} fr.dev"]
    rows = [
        [
            "gold / found",
            *(f"{c.scores.counts.get('gold', 0)} / {c.scores.counts.get('predicted', 0)}" for c in columns),
            "",
        ]
    ]
    for name, measure in HEADLINES.items():
        rows.append([name, *(_full_cell(c.scores, name, measure) for c in columns), figure(PEER.get(name))])
    for name in SPEAKERS:
        rows.append([name, *(_cell(c.scores, name) for c in columns), figure(PEER.get(name))])
    return grid(head, rows)


def type_table(column: Column) -> str:
    """Recall of content, attributed and named by type with their intervals, the peer's recall of content last."""
    scores = column.scores
    names = ("content", "attributed", "named")
    rows = [
        [
            group,
            str(scores.counts.get(f"gold/{group}", 0)),
            *(_cell(scores, f"{name}, {group}") for name in names),
            figure(PEER_RECALL.get(group)),
        ]
        for group in GROUPS
    ]
    return grid([f"{column.heading}, recall", "gold", *names, f"{PEER_NAME} fr.dev content"], rows)


def detail_table(columns: Sequence[Column]) -> str:
    """What is measured on found statements: roles, act, negation, and links of nesting."""
    rows = [[name, *(_cell(c.scores, name) for c in columns)] for name in (*ON_FOUND, *LINKS)]
    return grid(["on found statements", *(c.heading for c in columns)], rows)


def collection_table(parts: Mapping[str, Scores]) -> str:
    """The headline figures of each collection."""
    names = ("attributed", "named", "content@0.8", "words", "speaker")
    rows = [
        [part, str(s.documents), str(s.counts.get("gold", 0)), *(figure(s.values[name]) for name in names)]
        for part, s in parts.items()
    ]
    return grid(["collection", "docs", "gold", *names], rows)


def calibration_table(measured: Calibration) -> str:
    """Confidence beside truth in ten bins; a bar is the share that is right, `|` stands where it ought to end."""
    rows = [
        [f"{b.low:.1f}–{b.high:.1f}", str(b.n), figure(b.confidence), figure(b.right), _bar(b.right, b.confidence)]
        for b in measured.bins
    ]
    summary = f"calibration error {figure(measured.error)}, area under ROC {figure(measured.area)}, n {measured.n}"
    return grid(["confidence", "n", "mean", "right", ""], rows) + "\n" + summary


def exact_table(values: Mapping[str, Exact]) -> str:
    """Precision, recall and F1 of exact spans by role."""
    rows = [
        [role, str(e.gold), str(e.predicted), figure(e.precision), figure(e.recall), figure(e.value)]
        for role, e in values.items()
    ]
    return grid(["exact spans", "gold", "found", "P", "R", "F1"], rows)


def report(columns: Sequence[Column]) -> Iterator[str]:
    """The tables over all gold files, in the order they are printed."""
    yield headline_table(columns)
    yield from (type_table(column) for column in columns)
    yield detail_table(columns)


def _full_cell(scores: Scores, name: str, measure: F1) -> str:
    values = precision_recall_f1(scores.counts, measure)
    return f"{_cell(scores, name)} {figure(values['p'])} {figure(values['r'])}"


def _cell(scores: Scores, name: str) -> str:
    return figure(scores.values[name]) + _interval(scores.intervals.get(name))


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f" [{interval[0]:.2f}–{interval[1]:.2f}]"


def _bar(right: float | None, confidence: float | None, *, width: int = 20) -> str:
    if right is None or confidence is None:
        return " " * width
    bar = ["█" if i < round(right * width) else " " for i in range(width)]
    bar[min(width - 1, int(confidence * width))] = "|"
    return "".join(bar)
