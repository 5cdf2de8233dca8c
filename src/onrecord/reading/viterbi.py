"""The best sequence of labels when changing the label has a price (Viterbi 1967)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# In units of log chance. Swept 0 to 4 on dev: 1 to 2 are best, and a point better than 0; see docs/decisions/0002.
CHANGE = 1.0
CHANGE_AT_SIGN = 0.5  # before or after a comma, a mark, a full stop: where roles begin and end


def costs_of(words: Sequence[str]) -> NDArray[np.float32]:
    """(n_words,): what it costs to change the label between a word and the one before it."""
    import numpy as np

    signs = np.array([not word[0].isalnum() for word in words], dtype=bool)
    beside = signs.copy()
    beside[1:] |= signs[:-1]
    return np.where(beside, CHANGE_AT_SIGN, CHANGE).astype(np.float32)


def best_labels(log_chances: Any, costs: Any) -> Any:
    """(n, window) labels from (n, window, labels) log chances and (n, window) costs of a change before each place."""
    import numpy as np

    count, length, labels = log_chances.shape
    rows = np.arange(count)
    own = np.arange(labels)
    score = log_chances[:, 0].copy()
    back = np.empty((length, count, labels), dtype=np.int8)
    for place in range(1, length):
        best = score.argmax(1)
        changed = (score[rows, best] - costs[:, place])[:, None]
        stays = score >= changed
        back[place] = np.where(stays, own, best[:, None])
        score = np.where(stays, score, changed) + log_chances[:, place]
    found = np.empty((count, length), dtype=np.int64)
    found[:, -1] = score.argmax(1)
    for place in range(length - 1, 0, -1):
        found[:, place - 1] = back[place, rows, found[:, place]]
    return found
