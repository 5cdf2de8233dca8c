"""How far a score may be chance: intervals by drawing documents anew, with replacement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .count import Counts
from .measures import F1, Measure, Share

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

Interval = tuple[float, float]
RESAMPLES = 1000
SEED = 20261101  # any; fixed so that the same predictions print the same table
TAILS = (2.5, 97.5)  # percentiles: 95 draws in 100 lie between them


def intervals(
    counts: Sequence[Counts], measures: Mapping[str, Measure], *, resamples: int = RESAMPLES
) -> dict[str, Interval | None]:
    """The interval of each measure; None where it is undefined in every draw."""
    import numpy as np

    if not counts:
        return dict.fromkeys(measures)
    names = sorted({name for counted in counts for name in counted})
    table = np.array([[counted[name] for name in names] for counted in counts], dtype=np.float64)
    n = len(counts)
    # how often each document is drawn, for all draws at once: their sums are one product of matrices
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=resamples)
    sums = draws @ table
    nothing = np.zeros(resamples)
    columns = {name: sums[:, i] for i, name in enumerate(names)}
    return {key: _interval(_values(columns, nothing, measure)) for key, measure in measures.items()}


def _values(columns: Mapping[str, Column], nothing: Column, measure: Measure) -> Column:
    """The measure in each draw; not-a-number where it is undefined."""
    import numpy as np

    def share(part: Share) -> Column:
        whole = columns.get(part.whole, nothing)
        filled = np.full_like(whole, np.nan)
        return np.divide(columns.get(part.part, nothing), whole, out=filled, where=whole > 0)

    if isinstance(measure, F1):
        p, r = share(measure.precision), share(measure.recall)
        return np.where(p + r == 0, 0.0, 2 * p * r / np.where(p + r == 0, 1.0, p + r))
    return share(measure)


def _interval(values: Column) -> Interval | None:
    import numpy as np

    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, TAILS)
    return float(low), float(high)
