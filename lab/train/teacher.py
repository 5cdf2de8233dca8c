"""The teacher: the heads on a pretrained encoder, fine-tuned on the gold. Then what it makes of every text at hand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .corpus import OURS, POLNEAR, Example, Item, batches, pieces
from .heads import Batch, Heads, loss
from .pretrained import Pretrained, PretrainedEncoder, weights_file

# Words of a piece of text: 300 words are some 420 pieces, and the encoder has 512 places.
MOST_WORDS = 300
PLACES = 511


class TeacherSettings(msgspec.Struct, frozen=True):
    """What the shipped teacher was trained with; see docs/decisions/0002."""

    layers: int = 8
    frozen: int = 2
    epochs: int = 5
    batch: int = 8
    encoder_rate: float = 1.2e-4
    head_rate: float = 1e-3
    polnear_share: float = 0.12  # of PolNeAR's articles, anew each epoch


class Teacher(nn.Module):  # type: ignore[misc]
    """Pretrained encoder and heads."""

    def __init__(self, source: Pretrained, settings: TeacherSettings) -> None:
        super().__init__()
        self.source = source
        self.encoder = PretrainedEncoder(source, layers=settings.layers, frozen=settings.frozen)
        self.heads = Heads(source.width, inner=96, kernel=5, layers=2, activation=functional.gelu)

    def states(self, batch: Batch) -> Any:
        """(batch, words, width): the state of the first piece of each word. In bfloat16 where the processor has it."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder(batch["pieces"], batch["mask"])[-1]
        return states.float()[torch.arange(len(states))[:, None], batch["firsts"]]


def batch_of(items: Sequence[Item], source: Pretrained) -> Batch:
    """Pieces, padded; a paragraph ends with the encoder's end sign."""
    rows = [_pieces(item, source) for item in items]
    longest, words = max(len(found) for found, _ in rows), max(len(firsts) for _, firsts in rows)
    batch: Batch = {
        "pieces": torch.full((len(rows), longest), source.padding),
        "mask": torch.zeros(len(rows), longest, dtype=torch.bool),
        "firsts": torch.zeros(len(rows), words, dtype=torch.long),
        "sentences": torch.zeros(len(rows), words, dtype=torch.long),
        "lengths": torch.tensor([end - start for _, start, end in items]),
        "scheme": torch.tensor([example.scheme for example, _, _ in items]),
    }
    for row, ((found, firsts), (example, start, end)) in enumerate(zip(rows, items, strict=True)):
        batch["pieces"][row, : len(found)] = torch.tensor(found)
        batch["mask"][row, : len(found)] = True
        batch["firsts"][row, : len(firsts)] = torch.tensor(firsts)
        batch["sentences"][row, : end - start] = torch.tensor(example.sentences[start:end])
    return batch


def _pieces(item: Item, source: Pretrained) -> tuple[list[int], list[int]]:
    """Pieces of an item, and where each of its words begins among them."""
    example, start, end = item
    tokens = example.tokens
    begins = {first for first, _ in tokens.paragraphs}
    found, firsts = [source.begin], []
    for i in range(start, end):
        if i in begins and i > start:
            found.append(source.end)
        apart = i in begins or tokens.starts[i] != tokens.ends[i - 1]
        firsts.append(min(len(found), PLACES - 1))
        found += source.pieces_of(("▁" if apart else "") + tokens.words[i])
    return [*found[:PLACES], source.end], firsts


def train(examples: Sequence[Example], settings: TeacherSettings, *, seed: int) -> Teacher:
    """A teacher fine-tuned on our gold, with some PolNeAR under its own scheme. About 40 minutes on two cores."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    teacher = Teacher(Pretrained(weights_file()), settings)
    ours = [e for e in examples if e.scheme == OURS]
    polnear = [e for e in examples if e.scheme == POLNEAR]
    encoder = [p for p in teacher.encoder.parameters() if p.requires_grad]
    groups = [
        {"params": encoder, "lr": settings.encoder_rate},
        {"params": teacher.heads.parameters(), "lr": settings.head_rate},
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
            batch = batch_of(batch_items, teacher.source)
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
    table = np.zeros((int(starts[-1]), teacher.source.width), np.float16)
    place = {id(e): int(start) for e, start in zip(examples, starts, strict=False)}
    items = sorted((item for e in examples for item in pieces(e, MOST_WORDS)), key=lambda item: item[2] - item[1])
    teacher.eval()
    with torch.no_grad():
        for group in _groups(items, 16):
            states = teacher.states(batch_of(group, teacher.source)).numpy()
            for row, (example, start, end) in enumerate(group):
                at = place[id(example)]
                table[at + start : at + end] = states[row, : end - start]
    return table


def _groups(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    for i in range(0, len(items), size):
        yield list(items[i : i + size])
