"""What the tagger knows of a word form, computed once a form and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .features import form_features, stable_hash, word_keys
from .tokens import Tokens, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIMIT = 200_000  # forms kept (at 512 bytes each, 100 MB); past it the table starts anew
KEYS = 2  # entries of the word table that a form is looked up under


class FormTable:
    """Input rows by word form. Words that the weights do not list live on their affixes and shape alone.

    A row is a sum of rows of tables and nothing else, so that it does not depend on the words it is computed with.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        import numpy as np

        self._hashes = weights["word_hashes"]  # (n_words,) sorted
        self._words = weights["words"]  # (n_words, width) int8
        self._scales = weights["word_scales"]  # (n_words,)
        affixes = zip(weights["affixes"], weights["affix_in"], strict=True)  # (buckets, size), (size, width) each
        self._tables = [
            *(table.astype(np.float32) @ into for table, into in affixes),
            weights["hashed"].astype(np.float32) @ weights["hashed_in"],
            weights["shapes"] + weights["input_bias"],
        ]
        self._number: dict[str, int] = {}
        self._rows: NDArray[np.float32] = np.zeros((0, len(weights["input_bias"])), dtype=np.float32)

    def rows(self, tokens: Tokens) -> NDArray[np.float32]:
        """(n_tokens, width) of 32-bit floats: a new array."""
        import numpy as np

        numbers = self._number
        new = [word for word in dict.fromkeys(tokens.words) if word not in numbers]
        if new:
            if len(numbers) + len(new) > LIMIT:
                numbers.clear()
                new = list(dict.fromkeys(tokens.words))
            self._learn(new)
        return np.asarray(self._rows[[numbers[word] for word in tokens.words]])

    def _learn(self, words: Sequence[str]) -> None:
        import numpy as np

        first = len(self._number)
        self._number.update((word, first + n) for n, word in enumerate(words))
        if len(self._number) > len(self._rows):
            room = max(2 * len(self._rows), len(self._number), 1024)
            self._rows = np.concatenate(
                [self._rows[:first], np.zeros((room - first, self._rows.shape[1]), dtype=np.float32)]
            )
        self._rows[first : first + len(words)] = self._computed(words)

    def _computed(self, words: Sequence[str]) -> Any:
        import numpy as np

        features = np.array([form_features(word) for word in words], dtype=np.int64)
        found = sum(table[column] for table, column in zip(self._tables, features.T, strict=True))
        known, places = self._known(words)
        return found + known[:, None] * self._words[places] * self._scales[places][:, None]

    def _known(self, words: Sequence[str]) -> tuple[Any, Any]:
        """Whether the word table has each word, and its row there; two words of one CRC-32 share a row."""
        import numpy as np

        keys = [word_keys(plain(word)) for word in words]
        hashes = np.array([[stable_hash(key) for key in (*own, *own[-1:])[:KEYS]] for own in keys], dtype=np.uint32)
        places = np.minimum(self._hashes.searchsorted(hashes), len(self._hashes) - 1)
        there = self._hashes[places] == hashes
        best = there.argmax(1)  # the first key that is there
        rows = np.arange(len(words))
        return there[rows, best].astype(np.float32), places[rows, best]
