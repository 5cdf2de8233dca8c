"""Words through a pretrained encoder of the user's own, in the form of the `transformers` library.

An extra: `pip install onrecord[transformers]`. Many times slower than the reader in the package on a
processor, for whoever has an encoder that knows their texts better. Nothing is downloaded: the folder holds it all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ReaderError
from .tokens import Tokens, stretches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_WORDS = 300  # read at once: some 420 pieces of the 512 that most encoders have places for


class PretrainedWords:
    """The state of the first piece of each word, in the last layer of the encoder in a folder.

    Raises ReaderError where the library is not installed or the folder is not one of its form.
    """

    def __init__(self, folder: Path) -> None:
        # before the import: the library asks its hub for nothing and tells it nothing
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
        try:
            import torch
            import transformers
        except ImportError as error:
            raise ReaderError(
                "the reader needs an encoder library",
                which=str(folder),
                remedy='install it with: pip install "onrecord[transformers]"',
            ) from error
        try:
            self._pieces = transformers.AutoTokenizer.from_pretrained(
                folder, local_files_only=True, add_prefix_space=True, use_fast=True
            )
            self._encoder = transformers.AutoModel.from_pretrained(folder, local_files_only=True).eval()
        except (OSError, ValueError) as error:
            raise ReaderError(
                "no encoder can be loaded", which=str(folder), remedy="make the folder with ./run train --encoder"
            ) from error
        torch.set_num_threads(1)
        self._torch = torch

    def rows(self, tokens: Tokens) -> NDArray[np.float32]:
        """(n_tokens, width) of 32-bit floats: a new array."""
        import numpy as np

        width = self._encoder.config.hidden_size
        found = np.zeros((len(tokens), width), dtype=np.float32)
        for first, stop in stretches(tokens, MOST_WORDS):
            words = list(tokens.words[first:stop])
            pieces = self._pieces(words, is_split_into_words=True, return_tensors="pt", truncation=True, max_length=512)
            with self._torch.inference_mode():
                states = self._encoder(**pieces).last_hidden_state[0]
            for word, piece in first_pieces(pieces.word_ids()).items():
                found[first + word] = states[piece].numpy()
        return found


def first_pieces(word_ids: list[int | None]) -> dict[int, int]:
    """Where each word begins among the pieces; words past the encoder's places are left out."""
    found: dict[int, int] = {}
    for piece, word in enumerate(word_ids):
        if word is not None:
            found.setdefault(word, piece)
    return found
