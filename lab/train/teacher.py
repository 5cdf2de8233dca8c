"""The teacher: the heads on a pretrained encoder, fine-tuned on the gold. Then what it makes of every text at hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from onrecord.reading.features import PARTS, STATES
from onrecord.reading.pretrained import MOST_WORDS

from .corpus import OURS, POLNEAR, Example, Item, batches, pieces
from .heads import Batch, Heads, loss, words_of
from .recurrent import both_ways


class TeacherSettings(msgspec.Struct, frozen=True):
    """What the shipped teacher was trained with; see docs/decisions/0002."""

    layers: int = 8
    frozen: int = 2
    epochs: int = 9
    batch: int = 8
    encoder_rate: float = 1.2e-4
    head_rate: float = 1e-3
    polnear_share: float = 0.06  # of PolNeAR's articles, anew each epoch


class WordEncoder(Protocol):
    """A pretrained encoder that gives a state to each word, as `pretrained.PretrainedEncoder` and
    `huggingface.HuggingFace` do."""

    width: int

    def tell(self, items: Sequence[Item], batch: Batch) -> None:
        """Puts what the encoder needs of the items into the batch."""
        ...

    def words(self, batch: Batch) -> Any:
        """(batch, words, width)."""
        ...


class Teacher(nn.Module):  # type: ignore[misc]
    """Pretrained encoder, one recurrent layer over words with their marks and their parts in the pack, and heads."""

    def __init__(self, encoder: Any, *, activation: Callable[..., Any] = functional.gelu) -> None:
        super().__init__()
        width = encoder.width
        self.encoder = encoder
        self.marks, self.parts = nn.Embedding(STATES, width), nn.Embedding(PARTS, width)
        for table in (self.marks, self.parts):
            nn.init.normal_(table.weight, std=0.1)
        self.over_words = nn.LSTM(width, width // 2, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.1)
        self.heads = Heads(width, inner=96, kernel=3, dilations=(1, 2, 4, 8), activation=activation)

    def batch_of(self, items: Sequence[Item]) -> Batch:
        """Features of items, padded."""
        batch = words_of(items)
        self.encoder.tell(items, batch)
        return batch

    def states(self, batch: Batch) -> Any:
        """(batch, words, width). The encoder counts in bfloat16 where the processor has it."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            words = self.encoder.words(batch).float()
        words = self.dropout(words + self.marks(batch["marks"]) + self.parts(batch["parts"]))
        return words + both_ways(self.over_words, words, batch["lengths"])


def train(teacher: Teacher, examples: Sequence[Example], settings: TeacherSettings, *, seed: int) -> Teacher:
    """The teacher, fine-tuned on our gold, with some PolNeAR under its own scheme. About 40 minutes on two cores."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    ours = [e for e in examples if e.scheme == OURS]
    polnear = [e for e in examples if e.scheme == POLNEAR]
    encoder = [p for p in teacher.encoder.parameters() if p.requires_grad]
    own = {id(p) for p in encoder}
    groups = [
        {"params": encoder, "lr": settings.encoder_rate},
        {"params": [p for p in teacher.parameters() if p.requires_grad and id(p) not in own], "lr": settings.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [settings.encoder_rate, settings.head_rate]
    step = 0
    total = 0
    for epoch in range(settings.epochs):
        some = order.sample(polnear, int(len(polnear) * settings.polnear_share))
        items = [item for e in (*ours, *some) for item in pieces(e, MOST_WORDS, shift=order)]
        found = batches(items, settings.batch, order)
        total = total or len(found) * settings.epochs
        teacher.train()
        sums = 0.0
        for batch_items in found:
            schedule(optimiser, rates, step, total)
            batch = teacher.batch_of(batch_items)
            value = loss(teacher.heads, teacher.states(batch), batch, batch_items)
            descend(optimiser, value, teacher)
            sums += value.item()
            step += 1
        print(f"teacher: epoch {epoch + 1} of {settings.epochs}, loss {sums / len(found):.3f}", flush=True)
    return teacher


def schedule(optimiser: Any, rates: Sequence[float], step: int, total: int) -> None:
    """A hundred steps of warming up, then down in a line to a fiftieth."""
    factor = min(1.0, step / 100) * max(0.02, 1 - step / total)
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate * factor


def descend(optimiser: Any, value: Any, model: Any) -> None:
    """One step down, gradients clipped at length 1."""
    optimiser.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


def states_of(teacher: Teacher, examples: Sequence[Example]) -> Any:
    """(all tokens, width) in 16 bits: the state of every token of every example, one after the other."""
    starts = np.cumsum([0, *(len(e.tokens) for e in examples)])
    table = np.zeros((int(starts[-1]), teacher.encoder.width), np.float16)
    place = {id(e): int(start) for e, start in zip(examples, starts, strict=False)}
    items = sorted((item for e in examples for item in pieces(e, MOST_WORDS)), key=lambda item: item[2] - item[1])
    teacher.eval()
    with torch.no_grad():
        for group in _groups(items, 16):
            states = teacher.states(teacher.batch_of(group)).numpy()
            for row, (example, start, end) in enumerate(group):
                at = place[id(example)]
                table[at + start : at + end] = states[row, : end - start]
    return table


def _groups(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    for i in range(0, len(items), size):
        yield list(items[i : i + size])
