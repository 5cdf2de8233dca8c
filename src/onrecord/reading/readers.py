"""Readers by name."""

from __future__ import annotations

from pathlib import Path

from ..errors import ReaderError
from .reader import Reader


def load_reader(name: str, *, scheme: str = "onrecord") -> Reader:
    """The reader of a name: "tagger", "rules", or a folder with weights of the tagger's form.

    With scheme "polnear" the tagger follows PolNeAR's guidelines; the rules know none but ours.

    Raises ReaderError where there is none, or where its weights cannot be read.
    """
    if name == "rules":
        from .rules import RuleReader

        return RuleReader()
    from .tagger import load

    if name == "tagger":
        return load(scheme=scheme)
    if Path(name).is_dir():
        return load(Path(name), scheme=scheme)
    raise ReaderError("no such reader", which=name, remedy='use "tagger", "rules" or a folder of weights')
