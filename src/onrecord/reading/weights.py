"""Weights of a learned reader: plain arrays and graphs in a folder, each proved by the card beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from ..errors import ReaderError
from ..types import digest


class Weights(msgspec.Struct, frozen=True):
    """What a folder of weights holds."""

    arrays: dict[str, Any]
    graphs: tuple[Any, ...]  # onnxruntime sessions, on one core, in the order that was asked for
    card: dict[str, Any]
    digest: str  # 12 hexadecimal digits that stand for all files


def read_weights(place: Any, *, arrays: str, graphs: Sequence[str]) -> Weights:
    """The arrays and graphs of these file names in a folder (a path, or a resource of the package).

    Raises ReaderError where a file is missing, damaged, or not of this version's form.
    """
    from io import BytesIO

    import numpy as np
    import onnxruntime

    card, raw = _files(place, (arrays, *graphs))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    with np.load(BytesIO(raw[arrays]), allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    sessions = [onnxruntime.InferenceSession(raw[name], options, providers=["CPUExecutionProvider"]) for name in graphs]
    whole = digest("".join(card["files"][name]["sha256"] for name in sorted(raw)))[:12]
    return Weights(found, tuple(sessions), card, whole)


def _files(place: Any, names: Sequence[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The card in a folder and the files of these names, each proved by the digest that the card has of it."""
    remedy = "install onrecord anew, or use --reader rules"
    try:
        card = json.loads((place / "card.json").read_text(encoding="utf-8"))
        raw = {name: (place / name).read_bytes() for name in names}
        wrong = [name for name in names if digest(raw[name]) != card["files"][name]["sha256"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError("weights cannot be read", which=str(place), remedy=remedy) from error
    if wrong:
        raise ReaderError(f"weights are not those of their card ({', '.join(wrong)})", which=str(place), remedy=remedy)
    return card, raw
