"""A bidirectional LSTM layer over sentences of unequal length, on a processor."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def both_ways(layer: nn.LSTM, x: Any, lengths: Any) -> Any:
    """(batch, tokens, width) → (batch, tokens, 2 x hidden), what a packed sequence gives, at a sixth of the time.

    On a processor torch has a fused kernel for padded sequences alone, and packed ones are counted step by step. So
    each way runs by itself over padded rows, the way back over rows that are turned within their length. What stands
    after the end of a row is 0.
    """
    places = torch.arange(x.shape[1])[None].expand(x.shape[:2])
    ends = lengths[:, None]
    turned = torch.where(places < ends, ends - 1 - places, places)[..., None]
    there = _one_way(layer, x, "l0")
    back = _one_way(layer, x.gather(1, turned.expand_as(x)), "l0_reverse")
    back = back.gather(1, turned.expand_as(back))
    return torch.cat([there, back], -1) * (places < ends)[..., None]


def _one_way(layer: nn.LSTM, x: Any, way: str) -> Any:
    weights = [getattr(layer, f"{kind}_{way}") for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    start = x.new_zeros(1, len(x), layer.hidden_size)
    biases, layers, dropout, both, batch_first = True, 1, 0.0, False, True
    return torch._VF.lstm(x, (start, start), weights, biases, layers, dropout, layer.training, both, batch_first)[0]
