"""Any encoder of the `transformers` library under the tagger's heads, for `onrecord[transformers]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from onrecord.reading.pretrained import first_pieces

from .corpus import Item

PLACES = 512


class HuggingFace(nn.Module):  # type: ignore[misc]
    """An encoder by its name on the hub or its folder; all of it is fine-tuned."""

    def __init__(self, name: str) -> None:
        from transformers import AutoModel, AutoTokenizer

        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(name, add_prefix_space=True, use_fast=True)
        self.model = AutoModel.from_pretrained(name)
        self.width = self.model.config.hidden_size

    def tell(self, items: Sequence[Item], batch: dict[str, Any]) -> None:
        """Adds to a batch the pieces of its items, padded, and where each word begins among them."""
        words = [list(example.tokens.words[start:end]) for example, start, end in items]
        pieces = self.tokenizer(
            words, is_split_into_words=True, return_tensors="pt", padding=True, truncation=True, max_length=PLACES
        )
        batch["pieces"], batch["mask"] = pieces["input_ids"], pieces["attention_mask"]
        batch["firsts"] = torch.zeros_like(batch["marks"])
        for row in range(len(items)):
            for word, piece in first_pieces(pieces.word_ids(row)).items():
                batch["firsts"][row, word] = piece

    def words(self, batch: dict[str, Any]) -> Any:
        """(batch, words, width): the state of the first piece of each word, in the last layer."""
        states = self.model(input_ids=batch["pieces"], attention_mask=batch["mask"]).last_hidden_state
        return states[torch.arange(len(states))[:, None], batch["firsts"]]

    def save(self, folder: Path) -> None:
        """Writes encoder and tokenizer as the library reads them."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
