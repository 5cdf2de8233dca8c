"""The heads of the tagger: anchors, the roles around each anchor, and what kind of statement it is.

The same heads sit on the small encoder that ships and on the pretrained one that teaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from onrecord.reading.tagger import LEFT, RIGHT
from onrecord.types import ROLES

from .corpus import ACTS, KINDS, WINDOW, Item

Batch = dict[str, Any]


class Heads(nn.Module):  # type: ignore[misc]
    """On states (batch, tokens, width) of any encoder. `scheme` says under which guidelines to answer."""

    def __init__(  # noqa: PLR0913 - one size each
        self,
        width: int,
        *,
        inner: int,
        kernel: int,
        dilations: Sequence[int],
        activation: Callable[..., Any],
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.activation = activation
        self.scheme = nn.Embedding(2, width)
        self.anchor_inner, self.anchor_out = nn.Linear(width, 64), nn.Linear(64, 3)
        self.token_side, self.anchor_side = nn.Linear(width, inner), nn.Linear(width, inner)
        self.distance = nn.Embedding(WINDOW, inner)
        self.sentence = nn.Embedding(7, inner)  # sentences apart, from -3 to 3
        self.anchor_class = nn.Embedding(3, inner)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(inner, inner, kernel, padding=kernel // 2 * apart, dilation=apart) for apart in dilations
        )
        self.out = nn.Linear(inner, len(ROLES) + 1)
        self.attribute_inner = nn.Linear(3 * width, 128)
        self.kind, self.act, self.negated = nn.Linear(128, len(KINDS)), nn.Linear(128, len(ACTS)), nn.Linear(128, 2)
        self.dropout = nn.Dropout(dropout)
        for table in (self.scheme, self.distance, self.sentence, self.anchor_class):
            nn.init.normal_(table.weight, std=0.1)

    def anchors(self, states: Any, scheme: Any) -> Any:
        """(batch, tokens, 3): no anchor, the anchor of a cue, the first token of a content without cue."""
        inner = self.activation(self.anchor_inner(self.dropout(states + self.scheme(scheme)[:, None])))
        return self.anchor_out(self.dropout(inner))

    def roles(self, states: Any, batch: Batch, rows: Any, at: Any, classes: Any) -> tuple[Any, Any, Any]:
        """(anchors, WINDOW, roles + 1) around anchors; the tokens of the windows; which of them exist."""
        places = at[:, None] + torch.arange(-LEFT, RIGHT + 1)[None]
        valid = (places >= 0) & (places < batch["lengths"][rows][:, None])
        places = places.clamp(0, states.shape[1] - 1)
        states = self.dropout(states + self.scheme(batch["scheme"])[:, None])
        apart = (batch["sentences"][rows[:, None], places] - batch["sentences"][rows, at][:, None]).clamp(-3, 3) + 3
        z = self.token_side(states)[rows[:, None], places] + self.anchor_side(states)[rows, at][:, None]
        z = z + self.distance.weight[None] + self.sentence(apart) + self.anchor_class(classes)[:, None]
        z = self.dropout(self.activation(z) * valid[..., None]).transpose(1, 2)
        for convolution in self.convolutions:
            z = z + self.activation(convolution(z)) * valid[:, None]
        return self.out(self.dropout(z.transpose(1, 2))), places, valid

    def attributes(self, states: Any, rows: Any, at: Any, places: Any, labels: Any) -> tuple[Any, Any, Any]:
        """Kind, act and negation of each anchor, from its state and the means over its content and its cue."""
        around = states[rows[:, None], places]

        def mean(role: int) -> Any:
            mask = (labels == role).float()
            return (around * mask[..., None]).sum(1) / mask.sum(1).clamp(min=1)[:, None]

        z = torch.cat([states[rows, at], mean(1), mean(2)], -1)
        z = self.dropout(self.activation(self.attribute_inner(self.dropout(z))))
        return self.kind(z), self.act(z), self.negated(z)


def words_of(items: Sequence[Item]) -> Batch:
    """What every encoder is told of a batch: (items, words) of numbers, padded, and lengths and schemes."""
    longest = max(end - start for _, start, end in items)
    batch: Batch = {
        name: torch.zeros(len(items), longest, dtype=torch.long) for name in ("marks", "parts", "sentences")
    }
    for row, (example, start, end) in enumerate(items):
        for name, numbers in (("marks", example.marks), ("parts", example.parts), ("sentences", example.sentences)):
            batch[name][row, : end - start] = torch.tensor(numbers[start:end])
    batch["lengths"] = torch.tensor([end - start for _, start, end in items])
    batch["scheme"] = torch.tensor([example.scheme for example, _, _ in items])
    return batch


def targets(items: list[Item], longest: int) -> dict[str, Any]:
    """What the heads should answer for a batch: anchor classes, and per anchor its roles and attributes."""
    anchors = torch.full((len(items), longest), -100)
    rows, at, classes, roles, attributes = [], [], [], [], []
    for row, (example, start, end) in enumerate(items):
        anchors[row, : end - start] = 0
        for label in example.labels:
            if not start <= label.anchor < end:
                continue
            anchors[row, label.anchor - start] = label.anchor_class
            rows.append(row)
            at.append(label.anchor - start)
            classes.append(label.anchor_class)
            window = [0] * WINDOW
            for token, role in label.roles.items():
                if -LEFT <= token - label.anchor <= RIGHT:
                    window[token - label.anchor + LEFT] = role
            roles.append(window)
            attributes.append((label.kind, label.act, label.negated))
    return {
        "anchors": anchors,
        "rows": torch.tensor(rows, dtype=torch.long),
        "at": torch.tensor(at, dtype=torch.long),
        "classes": torch.tensor(classes, dtype=torch.long),
        "roles": torch.tensor(roles, dtype=torch.long).view(-1, WINDOW),
        "attributes": torch.tensor(attributes, dtype=torch.long).view(-1, 3),
    }


def loss(heads: Heads, states: Any, batch: Batch, items: list[Item]) -> Any:
    """Sum of the losses of anchors, roles and attributes. The divisors bring the three to about one size."""
    wanted = targets(items, states.shape[1])
    found = heads.anchors(states, batch["scheme"])
    total = functional.cross_entropy(
        found.flatten(0, 1), wanted["anchors"].flatten(), ignore_index=-100, reduction="sum"
    )
    total = total / len(items) / 8
    rows, at = wanted["rows"], wanted["at"]
    if not len(rows):
        return total
    logits, places, valid = heads.roles(states, batch, rows, at, wanted["classes"])
    each = functional.cross_entropy(logits.transpose(1, 2), wanted["roles"], reduction="none") * valid
    total = total + each.sum(1).mean() / 10
    for number, answer in enumerate(heads.attributes(states, rows, at, places, wanted["roles"])):
        column = wanted["attributes"][:, number]
        attribute = functional.cross_entropy(answer, column, ignore_index=-1, reduction="sum")
        total = total + 0.6 * attribute / len(rows)
    return total
