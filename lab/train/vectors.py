"""Word vectors for the small encoder, out of the pretrained one: what a word alone looks like to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch

from .pretrained import Pretrained, PretrainedEncoder

STATIC, CONTEXTUAL = 48, 80  # dimensions kept of the embeddings, and of the mean of two middle layers
MIDDLE = (6, 9)  # layers whose states are averaged: late enough for meaning, early enough for form
MOST_FREQUENT = {"fr": 50_000, "en": 40_000}  # words of wordfreq's lists (Speer 2022) beside those of the texts


def vocabulary(words: Iterable[str]) -> list[str]:
    """Lower-case words to be known: those given, and the most frequent ones of each language."""
    from wordfreq import top_n_list

    known = {word.lower() for word in words if word[0].isalpha()}
    for language, count in MOST_FREQUENT.items():
        known.update(top_n_list(language, count))
    return sorted(known)


def vectors_of(words: Sequence[str], source: Pretrained) -> Any:
    """(words, STATIC + CONTEXTUAL): principal components of the embeddings and of the middle layers, each part at unit
    standard deviation."""
    encoder = PretrainedEncoder(source, layers=max(MIDDLE), frozen=max(MIDDLE)).eval()
    static = np.zeros((len(words), source.width), np.float32)
    contextual = np.zeros_like(static)
    order = sorted(range(len(words)), key=lambda i: len(source.pieces_of("▁" + words[i])))
    with torch.no_grad():
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            pieces, mask, inner = _padded([source.pieces_of("▁" + words[i]) for i in rows], source)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = encoder(pieces, mask)
            static[rows] = _mean(states[0], inner)
            contextual[rows] = sum(_mean(states[layer], inner) for layer in MIDDLE) / len(MIDDLE)
    parts = [_components(static, STATIC), _components(contextual, CONTEXTUAL)]
    return np.concatenate([part / part.std() for part in parts], axis=1).astype(np.float16)


def _padded(rows: Sequence[tuple[int, ...]], source: Pretrained) -> tuple[Any, Any, Any]:
    """Pieces between begin and end signs, the mask of what is there, and that of the pieces alone."""
    longest = max(map(len, rows)) + 2
    pieces = torch.full((len(rows), longest), source.padding)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    inner = torch.zeros(len(rows), longest)
    for row, found in enumerate(rows):
        pieces[row, : len(found) + 2] = torch.tensor([source.begin, *found, source.end])
        mask[row, : len(found) + 2] = True
        inner[row, 1 : len(found) + 1] = 1
    return pieces, mask, inner


def _mean(states: Any, inner: Any) -> Any:
    total = (states.float() * inner[..., None]).sum(1)
    return (total / inner.sum(1)[:, None]).numpy()


def _components(table: Any, count: int) -> Any:
    """The first principal components, found on 20,000 rows."""
    centred = table - table.mean(0)
    sample = centred[np.random.RandomState(0).permutation(len(centred))[:20_000]]
    _, _, directions = np.linalg.svd(sample, full_matrices=False)
    return centred @ directions[:count].T
