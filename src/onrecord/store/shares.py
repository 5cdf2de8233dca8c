"""Shares, with the interval that the reader's errors leave.

Of n statements, k are of a sort; each is right with the chance that its confidence says (docs/reliability.md). So it is
known about how many are wrong, but not which way. Bounds for such data are those of Horowitz and Manski,
"Identification and robustness with contaminated and corrupted data", Econometrica 63 (1995), 281–302:

- *What the reader decides* (who, how, which act): a wrong statement may be of another sort. The share is lowest when
  every wrong one that was counted is of another, highest when none of these is, and of the wrong ones elsewhere as many
  as may be belong here. That is bounded: a wrong statement belongs to the sort no oftener than the found ones do, or
  than if all sorts were equally likely, whichever is more. Without that bound, everybody who is quoted once could have
  said all that is wrong.
- *What the article says* (outlet, month, language): a wrong statement is none, and its sort stays. The share is lowest
  when the wrong ones counted here alone are none, highest when those elsewhere alone are none.

Both ends are widened by the 95 % interval of Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22 (1927), 209–212: how many are wrong is by chance, too.

The interval is wide rather than narrow, because confidence asks that content and speaker both be right, and the form of
a statement is often right where these are not. Statements that the reader missed are not in it.
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


def share(*, sort: int, sort_right: float, all: int, all_right: float, sorts: int | None) -> Share:
    """The share of `sort` statements among `all`; the others are the sums of their confidences.

    `sorts` says how many sorts there may be where the reader decides; None where the article does.

    40 of 100 with 0.9 each, of three sorts  →  0.40, from 0.27 to 0.52
    """
    if not all:
        return Share(value=None, low=None, high=None)
    value = sort / all
    elsewhere = all - sort - (all_right - sort_right)  # wrong ones that were not counted
    if sorts is None:
        low, high = _ratio(sort_right, all - sort), _ratio(sort, all - sort - elsewhere)
    else:
        low, high = sort_right / all, (sort + elsewhere * max(value, 1 / sorts)) / all
    low, high = wilson(low, all)[0], wilson(min(1.0, high), all)[1]
    return Share(value=value, low=min(value, low), high=max(value, high))  # rounding apart, they are on either side


def _ratio(here: float, elsewhere: float) -> float:
    return here / (here + elsewhere) if here + elsewhere > 0 else 0.0


def wilson(found: float, all: int) -> tuple[float, float]:
    """Wilson's interval for a share found in a sample of so many."""
    spread = Z * Z / all
    middle = (found + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(max(0.0, found * (1 - found)) / all + spread / (4 * all))
    return max(0.0, middle - half), min(1.0, middle + half)
