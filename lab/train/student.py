"""The encoder that ships: word vectors, affixes and marks under two recurrent layers, taught by gold and teacher."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from onrecord.reading.features import (
    AFFIX_BUCKETS,
    FORM_BUCKETS,
    PARTS,
    SHAPES,
    STATES,
    form_features,
    word_keys,
)
from onrecord.reading.tokens import plain

from .corpus import OURS, Example, Item, batches, pieces
from .distil import MIMICKED, Teaching
from .heads import Batch, Heads, loss, words_of
from .recurrent import both_ways
from .teacher import descend, schedule

AFFIXES, AFFIX_SIZE, FORM_SIZE, SHAPE_SIZE = 4, 24, 48, 16


class StudentSettings(msgspec.Struct, frozen=True):
    """What the shipped student was trained with; see docs/decisions/0002."""

    width: int = 128
    hidden: tuple[int, int] = (96, 64)  # of the two layers, each way
    epochs: int = 14
    batch: int = 20
    most_words: int = 240
    rate: float = 2e-3
    pool_share: float = 0.25  # of what is not annotated under our scheme, anew each epoch
    mimic_weight: float = 1.0  # of the teacher's states beside a gold label
    answer_weight: float = 1.0  # of the teacher's answers
    dropout: float = 0.2


class Vocabulary:
    """Words with vectors; the features of every form, kept."""

    def __init__(self, words: Sequence[str], vectors: Any) -> None:
        self.words = {word: number + 1 for number, word in enumerate(words)}
        none = np.zeros((1, vectors.shape[1]), np.float32)
        self.vectors = np.concatenate([none, vectors.astype(np.float32)])
        self._rows: dict[str, tuple[int, ...]] = {}

    def row(self, word: str) -> tuple[int, ...]:
        """Row of the vector (0 for none), buckets, shape."""
        if word not in self._rows:
            keys = word_keys(plain(word))
            number = next((self.words[key] for key in keys if key in self.words), 0)
            self._rows[word] = (number, *form_features(word))
        return self._rows[word]


class Encoder(nn.Module):  # type: ignore[misc]
    """(batch, tokens) of features → (batch, tokens, twice the second layer)."""

    def __init__(self, vectors: Any, settings: StudentSettings) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=True)
        self.affixes = nn.ModuleList(nn.Embedding(AFFIX_BUCKETS, AFFIX_SIZE) for _ in range(AFFIXES))
        self.forms, self.shapes = nn.Embedding(FORM_BUCKETS, FORM_SIZE), nn.Embedding(SHAPES, SHAPE_SIZE)
        self.marks, self.parts = nn.Embedding(STATES, settings.width), nn.Embedding(PARTS, settings.width)
        for table in (*self.affixes, self.forms, self.shapes, self.marks, self.parts):
            nn.init.normal_(table.weight, std=0.1)
        self.into = nn.Linear(vectors.shape[1] + AFFIXES * AFFIX_SIZE + FORM_SIZE + SHAPE_SIZE, settings.width)
        first, second = settings.hidden
        sizes = ((settings.width, first), (2 * first, second))
        self.layers = nn.ModuleList(nn.LSTM(*size, batch_first=True, bidirectional=True) for size in sizes)
        self.dropout = nn.Dropout(settings.dropout)
        self.width = 2 * second

    def forward(self, batch: Batch) -> Any:
        """In training some words lose their vector and some their hashed form, so that neither is leant on alone."""
        rows = batch["rows"]
        words, forms = rows[..., 0], rows[..., 5]
        if self.training:
            words = words.masked_fill(torch.rand(words.shape) < 0.1, 0)
            forms = forms.masked_fill(torch.rand(forms.shape) < 0.3, 0)
        affixes = [table(rows[..., number + 1]) for number, table in enumerate(self.affixes)]
        x = torch.cat([self.words(words), *affixes, self.forms(forms), self.shapes(rows[..., 6])], -1)
        x = self.dropout(
            torch.relu(self.into(self.dropout(x)) + self.marks(batch["marks"]) + self.parts(batch["parts"]))
        )
        for layer in self.layers:
            x = self.dropout(both_ways(layer, x, batch["lengths"]))
        return x


class Student(nn.Module):  # type: ignore[misc]
    """Encoder and heads; `mimic` tells the teacher's states and is left behind when training ends."""

    def __init__(self, vectors: Any, settings: StudentSettings) -> None:
        super().__init__()
        self.encoder = Encoder(vectors, settings)
        self.heads = Heads(self.encoder.width, inner=64, kernel=3, dilations=(1, 2, 4, 8), activation=functional.relu)
        self.mimic = nn.Linear(self.encoder.width, MIMICKED)


class Features:
    """Features of examples, computed once each."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[int, Any] = {}

    def of(self, example: Example) -> Any:
        """(tokens, 7) rows."""
        if id(example) not in self._known:
            rows = [self._vocabulary.row(word) for word in example.tokens.words]
            self._known[id(example)] = np.array(rows, np.int64).reshape(-1, 7)
        return self._known[id(example)]

    def batch_of(self, items: Sequence[Item]) -> Batch:
        """Features of items, padded."""
        batch = words_of(items)
        batch["rows"] = torch.zeros(*batch["marks"].shape, 7, dtype=torch.long)
        for row, (example, start, end) in enumerate(items):
            batch["rows"][row, : end - start] = torch.from_numpy(self.of(example)[start:end])
        return batch


def train(  # noqa: PLR0913 - what to learn from, and how
    examples: Sequence[Example],
    teaching: Teaching | None,
    vocabulary: Vocabulary,
    settings: StudentSettings,
    *,
    seed: int,
    start: Student | None = None,
) -> Student:
    """A student of gold and teacher, or of gold alone, from nothing or from `start`.

    With a teacher about three minutes an epoch on two cores.
    """
    torch.manual_seed(seed)
    order = random.Random(seed)
    student, features = start or Student(vocabulary.vectors, settings), Features(vocabulary)
    ours = [e for e in examples if e.annotated and e.scheme == OURS]
    pool = [e for e in examples if not (e.annotated and e.scheme == OURS)]
    optimiser = torch.optim.AdamW(
        [p for p in student.parameters() if p.requires_grad], lr=settings.rate, weight_decay=0.01
    )
    step = 0
    total = 0
    for epoch in range(settings.epochs):
        some = order.sample(pool, int(len(pool) * settings.pool_share))
        chosen = [e for e in ours for _ in range(e.times)] + some
        items = [item for e in chosen for item in pieces(e, settings.most_words, shift=order)]
        found = batches(items, settings.batch, order)
        total = total or len(found) * settings.epochs
        student.train()
        sums = 0.0
        for batch_items in found:
            schedule(optimiser, [settings.rate], step, total)
            value = _loss(student, features.batch_of(batch_items), batch_items, teaching, settings)
            descend(optimiser, value, student)
            sums += value.item()
            step += 1
        print(f"student: epoch {epoch + 1} of {settings.epochs}, loss {sums / len(found):.3f}", flush=True)
    return student


def _loss(
    student: Student, batch: Batch, items: list[Item], teaching: Teaching | None, settings: StudentSettings
) -> Any:
    """What annotators say, where there are any, and what the teacher says."""
    states = student.encoder(batch)
    total = torch.zeros(())
    rows = [row for row, (example, _, _) in enumerate(items) if example.annotated]
    if rows:
        part = {name: value[rows] for name, value in batch.items()}
        total = total + len(rows) / len(items) * loss(student.heads, states[rows], part, [items[row] for row in rows])
    if teaching is not None:
        far, answers = teaching.loss(student.heads, student.mimic, states, batch, items)
        total = total + settings.mimic_weight * far + settings.answer_weight * answers
    return total
