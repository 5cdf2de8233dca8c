"""Shares, with the interval that the reader's errors leave.

Of n statements, k are of a sort; each is right with the chance that its confidence says (docs/reliability.md). So it is
known about how many are wrong, but not which way: a wrong one may be of the sort or not. The lowest share is had when
every wrong one that was counted is not of it, the highest when every wrong one, counted or not, is of it. These are the
bounds for corrupted data of Horowitz and Manski, "Identification and robustness with contaminated and corrupted data",
Econometrica 63 (1995); they suppose nothing of the way that errors go. Both are widened by the 95 % interval of Wilson,
"Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association
22 (1927): how many are wrong is by chance, too, and few statements tell little.

The interval is wide rather than narrow: confidence asks that content and speaker both be right, and the form of a
statement is often right where these are not. Statements that the reader missed are not in it.
"""

from __future__ import annotations

import math

import msgspec

Z = 1.959964  # of the normal distribution, for 95 %


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share between 0 and 1 with its interval; None where there is nothing to share."""

    value: float | None
    low: float | None
    high: float | None


def share(*, sort: int, sort_right: float, all: int, all_right: float) -> Share:
    """The share of `sort` statements among `all`; the others are the sums of their confidences.

    40 of 100 with 0.9 each  →  0.40, from 0.27 to 0.60
    """
    if not all:
        return Share(value=None, low=None, high=None)
    value, most = sort / all, min(float(all), sort_right + all - all_right)
    low, high = wilson(sort_right, all)[0], wilson(most, all)[1]
    return Share(value=value, low=min(value, low), high=max(value, high))  # rounding apart, they are on either side


def wilson(found: float, all: int) -> tuple[float, float]:
    """Wilson's interval for a share found in a sample; a part of one may be expected rather than counted."""
    p, spread = found / all, Z * Z / all
    middle = (p + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(max(0.0, p * (1 - p)) / all + spread / (4 * all))
    return max(0.0, middle - half), min(1.0, middle + half)
