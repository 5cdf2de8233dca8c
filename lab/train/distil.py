"""What the student learns from its teacher: its states, and its answers with their doubt (Hinton et al. 2015).

The teacher's states are computed once, for every token of every text; its heads answer on them anew in each batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .corpus import OURS, Item
from .heads import Batch, Heads

MIMICKED = 128  # principal components of the teacher's states that the student learns to tell
CHANCE = 0.15  # of an anchor from which on the teacher's roles around it are learnt


class Teaching:
    """A teacher's heads, and its states (all tokens, width) in 16 bits."""

    def __init__(self, states: Any, heads: Heads) -> None:
        self._states = states
        self._heads = heads.eval()
        sample = states[np.random.RandomState(0).permutation(len(states))[:50_000]].astype(np.float32)
        self._mean = sample.mean(0)
        _, _, directions = np.linalg.svd(sample - self._mean, full_matrices=False)
        self._directions = directions[:MIMICKED].T
        self._size = float(((sample - self._mean) @ self._directions).std(0).mean())

    def loss(self, heads: Heads, mimic: nn.Module, states: Any, batch: Batch, items: Sequence[Item]) -> tuple[Any, Any]:
        """How far the student is from the teacher's states, and from its answers under our scheme."""
        rows = [row for row, (example, _, _) in enumerate(items) if example.states is not None]
        if not rows:
            return torch.zeros(()), torch.zeros(())
        wanted = self._padded([items[row] for row in rows])
        part = {name: value[rows] for name, value in batch.items()}
        part["scheme"] = torch.full_like(part["scheme"], OURS)
        inside = torch.arange(wanted.shape[1])[None] < part["lengths"][:, None]
        own = states[rows][:, : wanted.shape[1]]
        told = (wanted[inside].numpy() - self._mean) @ self._directions / self._size
        far = functional.mse_loss(mimic(own[inside]), torch.from_numpy(told.astype(np.float32)))
        return far, self._answers(heads, own, wanted, part, inside)

    def _padded(self, items: Sequence[Item]) -> Any:
        """(items, tokens, width): the teacher's states."""
        longest = max(end - start for _, start, end in items)
        found = torch.zeros(len(items), longest, self._states.shape[1])
        for row, (example, start, end) in enumerate(items):
            first = example.states or 0
            found[row, : end - start] = torch.from_numpy(self._states[first + start : first + end].astype(np.float32))
        return found

    def _answers(self, heads: Heads, own: Any, wanted: Any, batch: Batch, inside: Any) -> Any:
        """Cross-entropy between the teacher's answers and the student's, scaled as in `heads.loss`."""
        with torch.no_grad():
            anchors = self._heads.anchors(wanted, batch["scheme"]).softmax(-1)
            chance = (1 - anchors[..., 0]) * inside
            rows, at = (chance > CHANCE).nonzero(as_tuple=True)
            classes = anchors[rows, at, 1:].argmax(-1) + 1
        total = (_cross_entropy(heads.anchors(own, batch["scheme"]), anchors) * inside).sum() / len(own) / 8
        if not len(rows):
            return total
        sure = chance[rows, at]
        with torch.no_grad():
            roles, places, valid = self._heads.roles(wanted, batch, rows, at, classes)
            labels = roles.argmax(-1) * valid
            attributes = self._heads.attributes(wanted, rows, at, places, labels)
        each = _cross_entropy(heads.roles(own, batch, rows, at, classes)[0], roles.softmax(-1)) * valid
        total = total + (each.sum(1) * sure).sum() / sure.sum() / 10
        for answer, known in zip(heads.attributes(own, rows, at, places, labels), attributes, strict=True):
            total = total + 0.6 * (_cross_entropy(answer, known.softmax(-1)) * sure).sum() / sure.sum()
        return total


def _cross_entropy(logits: Any, chances: Any) -> Any:
    """Over the last axis, kept apart for each row."""
    return -(chances * logits.log_softmax(-1)).sum(-1)
