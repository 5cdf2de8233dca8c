"""From a trained student to the files that the package carries: arrays, two ONNX graphs, and their card."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.reading.features import stable_hash
from onrecord.reading.tagger import FIGURES
from onrecord.types import digest

from .corpus import ACTS, KINDS
from .graph import Graph
from .heads import Heads
from .student import AFFIX_SIZE, AFFIXES, FORM_SIZE, Student, Vocabulary

THRESHOLD = 0.3  # chance of an anchor from which on it is read; swept 0.2 to 0.6 on dev, see docs/decisions/0002


def save(student: Student, vocabulary: Vocabulary, folder: Path, card: dict[str, Any]) -> None:
    """Writes the folder that `onrecord.reading.tagger.load` reads; scheme by scheme the graphs differ in constants."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(encoder_graph(student, scheme=0))
    (folder / "encoder-polnear.onnx").write_bytes(encoder_graph(student, scheme=1))
    (folder / "roles.onnx").write_bytes(roles_graph(student.heads))
    write_arrays(folder / "weights.npz", arrays(student, vocabulary))
    write_card(folder, card | {"acts": list(ACTS), "kinds": list(KINDS), "threshold": THRESHOLD})


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """The card, with the digest of every file beside it."""
    files = sorted(path for path in folder.iterdir() if path.name != "card.json")
    card = card | {
        "made": datetime.now(UTC).date().isoformat(),
        "files": {path.name: {"bytes": path.stat().st_size, "sha256": digest(path.read_bytes())} for path in files},
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_arrays(path: Path, found: dict[str, Any]) -> None:
    """A zip of plain arrays, compressed; the same arrays give the same bytes."""
    buffer = BytesIO()
    np.savez_compressed(buffer, **{name: found[name] for name in sorted(found)})
    path.write_bytes(buffer.getvalue())


def arrays(student: Student, vocabulary: Vocabulary) -> dict[str, Any]:
    """Everything that is looked up and not computed; word vectors projected to the width of the input, in 8 bits."""
    encoder, heads = student.encoder, student.heads
    into = plain(encoder.into.weight)
    size = vocabulary.vectors.shape[1]
    by_hash: dict[int, int] = {}
    for word, row in vocabulary.words.items():
        by_hash.setdefault(stable_hash(word), row)
    hashes = np.array(sorted(by_hash), np.uint32)
    projected = (vocabulary.vectors @ into[:, :size].T)[[by_hash[int(h)] for h in hashes]]
    scales = np.abs(projected).max(1) / 127 + 1e-9
    ends = size + np.cumsum([0] + [AFFIX_SIZE] * AFFIXES + [FORM_SIZE])
    return (
        {
            "word_hashes": hashes,
            "words": np.round(projected / scales[:, None]).astype(np.int8),
            "word_scales": scales.astype(np.float32),
            "affixes": np.stack([plain(table.weight) for table in encoder.affixes]).astype(np.float16),
            "affix_in": np.stack([into[:, a:b].T for a, b in pairwise(ends[: AFFIXES + 1])]),
            "hashed": plain(encoder.forms.weight).astype(np.float16),
            "hashed_in": into[:, ends[AFFIXES] : ends[AFFIXES + 1]].T,
            "shapes": plain(encoder.shapes.weight) @ into[:, ends[AFFIXES + 1] :].T,
            "input_bias": plain(encoder.into.bias),
            "state": plain(encoder.marks.weight),
            "rel": plain(heads.distance.weight),
            "seg": plain(heads.sentence.weight),
            "anchor_kind": plain(heads.anchor_class.weight),
            "confidence.w": np.eye(1, FIGURES, dtype=np.float32)[0],
            "confidence.b": np.zeros(1, np.float32),
        }
        | _linear("attributes", heads.attribute_inner)
        | _attribute_heads(heads)
    )


def _attribute_heads(heads: Heads) -> dict[str, Any]:
    return _linear("kind", heads.kind) | _linear("act", heads.act) | _linear("negated", heads.negated)


def _linear(name: str, layer: Any) -> dict[str, Any]:
    return {f"{name}.w": plain(layer.weight), f"{name}.b": plain(layer.bias)}


def plain(tensor: Any) -> Any:
    """A tensor as an array of 32-bit floats."""
    return tensor.detach().numpy().astype(np.float32)


def encoder_graph(student: Student, *, scheme: int) -> bytes:
    """Inputs `x` (batch, tokens, width) before its non-linearity and `lengths`.

    Outputs the states, the anchors, and the two sides of the roles.
    """
    encoder, heads = student.encoder, student.heads
    graph = Graph()
    current = graph.node("Transpose", [graph.node("Relu", ["x"])], perm=[1, 0, 2])
    for layer in encoder.layers:
        current = graph.recurrent(layer, current, "lengths")
    hidden = graph.node("Transpose", [current], perm=[1, 0, 2], name="hidden")
    shift = plain(heads.scheme.weight)[scheme]
    inner = graph.node("Relu", [graph.linear(heads.anchor_inner, hidden, shift=shift)])
    graph.linear(heads.anchor_out, inner, name="anchors")
    graph.linear(heads.token_side, hidden, shift=shift, name="tokens_side")
    graph.linear(heads.anchor_side, hidden, shift=shift, name="anchor_side")
    side = heads.token_side.out_features
    return graph.model(
        {"x": ("float", ["b", "t", encoder.into.out_features]), "lengths": ("int32", ["b"])},
        {
            "hidden": ["b", "t", encoder.width],
            "anchors": ["b", "t", 3],
            "tokens_side": ["b", "t", side],
            "anchor_side": ["b", "t", side],
        },
    )


def roles_graph(heads: Heads) -> bytes:
    """Inputs `z` (anchors, window, inner) before its non-linearity and `valid` (anchors, window); output `labels`."""
    graph = Graph()
    wide = graph.node("Unsqueeze", ["valid", graph.constant(np.array([2], np.int64))])
    flat = graph.node("Unsqueeze", ["valid", graph.constant(np.array([1], np.int64))])
    z = graph.node("Mul", [graph.node("Relu", ["z"]), wide])
    current = graph.node("Transpose", [z], perm=[0, 2, 1])
    for convolution in heads.convolutions:
        found = graph.node("Mul", [graph.node("Relu", [graph.convolution(convolution, current)]), flat])
        current = graph.node("Add", [current, found])
    graph.linear(heads.out, graph.node("Transpose", [current], perm=[0, 2, 1]), name="labels")
    inner = heads.out.in_features
    return graph.model(
        {"z": ("float", ["n", "w", inner]), "valid": ("float", ["n", "w"])},
        {"labels": ["n", "w", heads.out.out_features]},
    )
