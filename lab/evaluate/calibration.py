"""Whether confidence means what it says: of the statements given 0.8, eight in ten should be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from .count import Compared

BINS = 10


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Statements with a confidence in `[low, high)`; the last bin holds its end too. A share of none is None."""

    low: float
    high: float
    n: int
    confidence: float | None  # their mean
    right: float | None  # share of them with content and speaker right


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How confidence and truth agree over all statements that carry a confidence."""

    n: int
    error: float | None  # expected calibration error: mean gap of confidence and truth, by bin
    area: float | None  # under the ROC curve: the chance that a right one has more confidence than a wrong one
    bins: tuple[Bin, ...]


PAGE = """# How far to trust the confidence

`confidence` is the chance that a statement has both its words and its speaker right. It was fitted on annotated
articles that the tagger has not learnt from, and measured on others than it was fitted on ({folds} parts, each judged
by a fit on the rest): {n} statements found in the dev files of the gold, French and English.

| confidence | statements | their mean | right |
| --- | --- | --- | --- |
{rows}

Expected calibration error {error:.3f}; area under the ROC curve {area:.3f}, the chance that a right statement has
more confidence than a wrong one. In your own kind of articles the shares may be others.

`--min-confidence 0.8` leaves out all below 0.8: fewer statements, of which more are right.

This page is written by `python -m lab.train.calibrate`; the same figures stand in the weights' card.
"""


def reliability_page(summary: Mapping[str, Any], folds: int) -> str:
    """The page of docs about confidence, from the `calibration` of the weights' card."""
    rows = [
        f"| {row['from']:.1f} to {row['from'] + 0.1:.1f} | {row['n']} | {row['confidence']:.2f} | {row['right']:.2f} |"
        for row in summary["table"]
    ]
    return PAGE.format(
        folds=folds, n=summary["statements"], rows="\n".join(rows), error=summary["error"], area=summary["area"]
    )


Judged = tuple[float, bool]  # confidence, and whether content@0.8 and speaker are right


def calibration(compared: Sequence[Compared]) -> Calibration:
    """The calibration of predictions; none without confidence, none that matches other kinds."""
    judged = [pair for one in compared for pair in _judged(one)]
    bins = tuple(_bin(judged, number) for number in range(BINS))
    return Calibration(n=len(judged), error=_error(bins, len(judged)), area=area(judged), bins=bins)


def _judged(compared: Compared) -> Iterator[Judged]:
    right = {j for i, j in compared.found.items() if i in compared.wanted and compared.right(i)}
    for j, statement in enumerate(compared.predicted):
        if statement.confidence is not None and j not in compared.ignored:
            yield statement.confidence, j in right


def _bin(judged: Sequence[Judged], number: int) -> Bin:
    inside = [pair for pair in judged if min(int(pair[0] * BINS), BINS - 1) == number]
    n = len(inside)
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        n=n,
        confidence=sum(confidence for confidence, _ in inside) / n if n else None,
        right=sum(right for _, right in inside) / n if n else None,
    )


def _error(bins: Sequence[Bin], n: int) -> float | None:
    gaps = [b.n * abs(b.confidence - b.right) for b in bins if b.confidence is not None and b.right is not None]
    return sum(gaps) / n if n else None


def area(judged: Sequence[Judged]) -> float | None:
    """The area under the ROC curve, by ranks with ties at their mean; None when all are right or all are wrong."""
    n_right = sum(right for _, right in judged)
    n_wrong = len(judged) - n_right
    if not n_right or not n_wrong:
        return None
    ordered = sorted(judged)
    rank_sum, i = 0.0, 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        rank_sum += (i + j + 1) / 2 * sum(right for _, right in ordered[i:j])
        i = j
    return (rank_sum - n_right * (n_right + 1) / 2) / (n_right * n_wrong)
