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

from onrecord.language.loader import load_pack
from onrecord.reading.features import AFFIX_BUCKETS, FORM_BUCKETS, SHAPES, STATES, form_features, word_keys
from onrecord.reading.features import states as mark_states
from onrecord.reading.marks import find_quotations
from onrecord.reading.tokens import plain

from .corpus import OURS, Example, Item, batches, pieces
from .heads import Batch, Heads, loss
from .teacher import descend, schedule

AFFIXES, AFFIX_SIZE, FORM_SIZE, SHAPE_SIZE = 4, 24, 48, 16
MIMICKED = 128  # principal components of the teacher's states that the student learns to tell


class StudentSettings(msgspec.Struct, frozen=True):
    """What the shipped student was trained with; see docs/decisions/0002."""

    width: int = 128
    hidden: tuple[int, int] = (80, 64)  # of the two layers, each way
    epochs: int = 8
    batch: int = 12
    most_words: int = 400
    rate: float = 2e-3
    gold_times: int = 2  # an epoch sees our gold so often …
    pool_share: float = 0.33  # … and this share of everything else
    mimic_weight: float = 3.0
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
        self.marks = nn.Embedding(STATES, settings.width)
        for table in (*self.affixes, self.forms, self.shapes, self.marks):
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
        x = self.dropout(torch.relu(self.into(self.dropout(x)) + self.marks(batch["marks"])))
        for layer in self.layers:
            packed = nn.utils.rnn.pack_padded_sequence(x, batch["lengths"], batch_first=True, enforce_sorted=False)
            x, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True, total_length=rows.shape[1])
            x = self.dropout(x)
        return x


class Student(nn.Module):  # type: ignore[misc]
    """Encoder and heads; `mimic` tells the teacher's states and is left behind when training ends."""

    def __init__(self, vectors: Any, settings: StudentSettings) -> None:
        super().__init__()
        self.encoder = Encoder(vectors, settings)
        self.heads = Heads(self.encoder.width, inner=64, kernel=5, layers=1, activation=functional.relu)
        self.mimic = nn.Linear(self.encoder.width, MIMICKED)


class Teaching:
    """The teacher's states in their principal components, each as large as it is on average."""

    def __init__(self, states: Any) -> None:
        self._states = states
        sample = states[np.random.RandomState(0).permutation(len(states))[:50_000]].astype(np.float32)
        self._mean = sample.mean(0)
        _, _, directions = np.linalg.svd(sample - self._mean, full_matrices=False)
        self._directions = directions[:MIMICKED].T
        self._size = float(((sample - self._mean) @ self._directions).std(0).mean())

    def of(self, start: int, end: int) -> Any:
        """(tokens, MIMICKED) of rows of the table of states."""
        rows = self._states[start:end].astype(np.float32) - self._mean
        return torch.from_numpy((rows @ self._directions / self._size).astype(np.float32))


class Features:
    """Features of examples, computed once each."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[int, tuple[Any, Any]] = {}

    def of(self, example: Example) -> tuple[Any, Any]:
        """(tokens, 7) rows and (tokens,) mark states."""
        if id(example) not in self._known:
            tokens = example.tokens
            rows = np.array([self._vocabulary.row(word) for word in tokens.words], np.int64).reshape(-1, 7)
            marks = mark_states(tokens, find_quotations(tokens, load_pack(example.language)))
            self._known[id(example)] = rows, np.array(marks, np.int64)
        return self._known[id(example)]

    def batch_of(self, items: Sequence[Item]) -> Batch:
        """Features of items, padded."""
        longest = max(end - start for _, start, end in items)
        batch: Batch = {
            "rows": torch.zeros(len(items), longest, 7, dtype=torch.long),
            "marks": torch.zeros(len(items), longest, dtype=torch.long),
            "sentences": torch.zeros(len(items), longest, dtype=torch.long),
            "lengths": torch.tensor([end - start for _, start, end in items]),
            "scheme": torch.tensor([example.scheme for example, _, _ in items]),
        }
        for row, (example, start, end) in enumerate(items):
            rows, marks = self.of(example)
            batch["rows"][row, : end - start] = torch.from_numpy(rows[start:end])
            batch["marks"][row, : end - start] = torch.from_numpy(marks[start:end])
            batch["sentences"][row, : end - start] = torch.tensor(example.sentences[start:end])
        return batch


def train(
    examples: Sequence[Example], teaching: Teaching, vocabulary: Vocabulary, settings: StudentSettings, *, seed: int
) -> Student:
    """A student of gold and teacher. About 35 minutes on two cores."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    student, features = Student(vocabulary.vectors, settings), Features(vocabulary)
    gold = [e for e in examples if e.scheme == OURS and e.weight == 1.0]
    pool = [e for e in examples if not (e.scheme == OURS and e.weight == 1.0)]
    optimiser = torch.optim.AdamW(
        [p for p in student.parameters() if p.requires_grad], lr=settings.rate, weight_decay=0.01
    )
    step = 0
    total = 0
    for epoch in range(settings.epochs):
        some = order.sample(pool, int(len(pool) * settings.pool_share))
        chosen = [*gold] * settings.gold_times + some
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


def _loss(student: Student, batch: Batch, items: list[Item], teaching: Teaching, settings: StudentSettings) -> Any:
    """What gold says, what the teacher guessed (at half weight), and the teacher's states."""
    states = student.encoder(batch)
    total = torch.zeros(())
    for weight in sorted({example.weight for example, _, _ in items}):
        rows = [row for row, (example, _, _) in enumerate(items) if example.weight == weight]
        part = {name: value[rows] for name, value in batch.items()}
        share = weight * len(rows) / len(items)
        total = total + share * loss(student.heads, states[rows], part, [items[row] for row in rows])
    known = [(row, item) for row, item in enumerate(items) if item[0].states is not None]
    if known:
        told = torch.cat([student.mimic(states[row, : end - start]) for row, (_, start, end) in known])
        wanted = torch.cat(
            [teaching.of(_row(example) + start, _row(example) + end) for _, (example, start, end) in known]
        )
        total = total + settings.mimic_weight * functional.mse_loss(told, wanted)
    return total


def _row(example: Example) -> int:
    return example.states or 0
