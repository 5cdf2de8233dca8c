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
from .teacher import Teacher

PRETRAINED = "encoder"  # folder of a pretrained encoder, beside the weights
THRESHOLD = 0.4  # chance of an anchor from which on it is read; swept 0.3 to 0.6 on dev, see docs/decisions/0002


def save(student: Student, vocabulary: Vocabulary, folder: Path, card: dict[str, Any]) -> None:
    """Writes the folder that `onrecord.reading.tagger.load` reads; scheme by scheme the graphs differ in constants."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(encoder_graph(student, scheme=0))
    (folder / "encoder-polnear.onnx").write_bytes(encoder_graph(student, scheme=1))
    (folder / "roles.onnx").write_bytes(roles_graph(student.heads))
    write_arrays(folder / "weights.npz", arrays(student, vocabulary))
    write_card(folder, card | {"acts": list(ACTS), "kinds": list(KINDS), "threshold": THRESHOLD})


def save_pretrained(teacher: Teacher, folder: Path, card: dict[str, Any]) -> None:
    """Writes a folder as `save` does, with the pretrained encoder in a folder of its own for `transformers`.

    The teacher's heads must have been trained with ReLU, which is what the runtime computes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    teacher.encoder.save(folder / PRETRAINED)
    (folder / "encoder.onnx").write_bytes(over_words_graph(teacher))
    (folder / "roles.onnx").write_bytes(roles_graph(teacher.heads))
    told = {"state": plain(teacher.marks.weight), "part": plain(teacher.parts.weight)}
    write_arrays(folder / "weights.npz", told | _head_arrays(teacher.heads))
    write_card(
        folder,
        card | {"acts": list(ACTS), "kinds": list(KINDS), "threshold": THRESHOLD, "pretrained": PRETRAINED},
    )


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """The card, with the digest of every file beside it."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "card.json")
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
    return {
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
        "part": plain(encoder.parts.weight),
    } | _head_arrays(heads)


def _head_arrays(heads: Heads) -> dict[str, Any]:
    found = {
        "rel": plain(heads.distance.weight),
        "seg": plain(heads.sentence.weight),
        "anchor_kind": plain(heads.anchor_class.weight),
        "confidence.w": np.eye(1, FIGURES, dtype=np.float32)[0],
        "confidence.b": np.zeros(1, np.float32),
    }
    layers = {"attributes": heads.attribute_inner, "kind": heads.kind, "act": heads.act, "negated": heads.negated}
    for name, layer in layers.items():
        found |= _linear(name, layer)
    return found


def _linear(name: str, layer: Any) -> dict[str, Any]:
    return {f"{name}.w": plain(layer.weight), f"{name}.b": plain(layer.bias)}


def plain(tensor: Any) -> Any:
    """A tensor as an array of 32-bit floats."""
    return tensor.detach().numpy().astype(np.float32)


def encoder_graph(student: Student, *, scheme: int) -> bytes:
    """Inputs `x` (batch, tokens, width) before its non-linearity and `lengths`; outputs as `_headed`."""
    encoder = student.encoder
    graph = Graph()
    current = graph.node("Transpose", [graph.node("Relu", ["x"])], perm=[1, 0, 2])
    for layer in encoder.layers:
        current = graph.recurrent(layer, current, "lengths")
    graph.node("Transpose", [current], perm=[1, 0, 2], name="hidden")
    return _headed(graph, student.heads, scheme=scheme, width=encoder.into.out_features)


def over_words_graph(teacher: Teacher) -> bytes:
    """Inputs `x` (batch, words, width), states of words with their marks and parts, and `lengths`.

    Outputs as `_headed`.
    """
    graph = Graph()
    over = graph.recurrent(teacher.over_words, graph.node("Transpose", ["x"], perm=[1, 0, 2]), "lengths")
    graph.node("Add", ["x", graph.node("Transpose", [over], perm=[1, 0, 2])], name="hidden")
    return _headed(graph, teacher.heads, scheme=0, width=teacher.encoder.width)


def _headed(graph: Graph, heads: Heads, *, scheme: int, width: int) -> bytes:
    """The model with what the heads make of `hidden`: the anchors, and the two sides of the roles."""
    shift = plain(heads.scheme.weight)[scheme]
    inner = graph.node("Relu", [graph.linear(heads.anchor_inner, "hidden", shift=shift)])
    graph.linear(heads.anchor_out, inner, name="anchors")
    graph.linear(heads.token_side, "hidden", shift=shift, name="tokens_side")
    graph.linear(heads.anchor_side, "hidden", shift=shift, name="anchor_side")
    side = heads.token_side.out_features
    return graph.model(
        {"x": ("float", ["b", "t", width]), "lengths": ("int32", ["b"])},
        {
            "hidden": ["b", "t", heads.token_side.in_features],
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
