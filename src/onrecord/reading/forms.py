"""What the tagger knows of a word form, computed once a form and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .features import form_features, stable_hash, word_keys
from .tokens import Tokens, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIMIT = 200_000  # forms kept (at 512 bytes each, 100 MB); past it the table starts anew


class FormTable:
    """Input rows by word form. Words that the weights do not list live on their affixes and shape alone."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        import numpy as np

        self._hashes = weights["word_hashes"]  # (n_words,) sorted
        self._words = weights["words"]  # (n_words, width) int8
        self._scales = weights["word_scales"]  # (n_words,)
        self._affixes = weights["affixes"]  # (4, buckets, size)
        self._affix_in = weights["affix_in"]  # (4, size, width)
        self._hashed = weights["hashed"]  # (buckets, size)
        self._hashed_in = weights["hashed_in"]  # (size, width)
        self._shapes = weights["shapes"]  # (SHAPES, width), projected
        self._bias = weights["input_bias"]  # (width,)
        self._number: dict[str, int] = {}
        self._rows: NDArray[np.float32] = np.zeros((1024, len(self._bias)), dtype=np.float32)

    def rows(self, tokens: Tokens) -> NDArray[np.float32]:
        """(n_tokens, width) of 32-bit floats: a new array."""
        import numpy as np

        numbers = self._number
        if len(numbers) > LIMIT:
            numbers.clear()
        index = [numbers[word] if word in numbers else self._learn(word) for word in tokens.words]
        return np.asarray(self._rows[index])

    def _learn(self, word: str) -> int:
        number = self._number[word] = len(self._number)
        if number >= len(self._rows):
            import numpy as np

            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[number] = self._row(word)
        return number

    def _row(self, word: str) -> NDArray[np.float32]:
        *affixes, hashed, shape = form_features(word)
        row = self._bias + self._shapes[shape] + self._hashed[hashed] @ self._hashed_in
        for n, bucket in enumerate(affixes):
            row = row + self._affixes[n, bucket] @ self._affix_in[n]
        known = self._known(word)
        if known is not None:
            row = row + self._words[known].astype("float32") * self._scales[known]
        return row  # type: ignore[no-any-return]

    def _known(self, word: str) -> int | None:
        """Row of the word table, by the CRC-32 of the form; two words of one hash share a row."""
        for key in word_keys(plain(word)):
            wanted = stable_hash(key)
            place = int(self._hashes.searchsorted(wanted))
            if place < len(self._hashes) and int(self._hashes[place]) == wanted:
                return place
        return None
