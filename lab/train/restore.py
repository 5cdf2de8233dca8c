"""From the files that the package carries back to a student that can go on learning: `export.save` undone.

What ships is folded: word vectors are projected, the shift of a scheme stands in the biases. So the student that comes
back answers as the one that was saved (but for the rounding of its tables), with other numbers inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from onrecord.reading.features import stable_hash

from .student import SHAPE_SIZE, Student, StudentSettings, Vocabulary


def restore(folder: Path, vocabulary: Vocabulary, settings: StudentSettings) -> Student:
    """The student whose weights stand in a folder. Words that its tables lack begin with the projection of the others.

    Raises RuntimeError where the sizes of the settings are not those of the folder.
    """
    student = Student(vocabulary.vectors, settings)
    with np.load(folder / "weights.npz", allow_pickle=False) as archive:
        tables = {name: archive[name].astype(np.float32) for name in archive.files}
    graphs = [_constants(folder / name) for name in ("encoder.onnx", "encoder-polnear.onnx", "roles.onnx")]
    told = _inputs(tables, vocabulary) | _layers(graphs[0]) | _heads(tables, *graphs)
    kept = {name: value for name, value in student.state_dict().items() if name.startswith(("mimic", "encoder.words"))}
    student.load_state_dict(kept | {name: torch.tensor(np.ascontiguousarray(value)) for name, value in told.items()})
    return student


def _constants(path: Path) -> list[Any]:
    """The constants of a graph in the order in which `graph.Graph` made them."""
    return [numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer]


def _inputs(tables: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    rows = {int(number): row for row, number in enumerate(tables["word_hashes"].astype(np.uint64))}
    pairs = [
        (number, rows[stable_hash(word)]) for word, number in vocabulary.words.items() if stable_hash(word) in rows
    ]
    vectors = vocabulary.vectors[[number for number, _ in pairs]]
    projected = (tables["words"] * tables["word_scales"][:, None])[[row for _, row in pairs]]
    words = np.linalg.lstsq(vectors, projected, rcond=None)[0].T
    left, sizes, right = np.linalg.svd(tables["shapes"].T, full_matrices=False)
    left, sizes, right = left[:, :SHAPE_SIZE], sizes[:SHAPE_SIZE], right[:SHAPE_SIZE]
    into = [words, *(table.T for table in tables["affix_in"]), tables["hashed_in"].T, left * sizes**0.5]
    found = {
        "encoder.into.weight": np.concatenate(into, 1),
        "encoder.into.bias": tables["input_bias"],
        "encoder.forms.weight": tables["hashed"],
        "encoder.shapes.weight": (sizes[:, None] ** 0.5 * right).T,
        "encoder.marks.weight": tables["state"],
        "encoder.parts.weight": tables["part"],
    }
    return found | {f"encoder.affixes.{number}.weight": table for number, table in enumerate(tables["affixes"])}


def _layers(constants: list[Any]) -> dict[str, Any]:
    """Two recurrent layers: input weights, recurrent weights, biases and a shape each."""
    found = {}
    for layer, start in enumerate((0, 4)):
        kinds = {"weight_ih": constants[start], "weight_hh": constants[start + 1]}
        kinds["bias_ih"], kinds["bias_hh"] = np.split(constants[start + 2], 2, axis=1)
        for kind, both in kinds.items():
            for way, value in zip(("l0", "l0_reverse"), both, strict=True):
                i, o, f, c = np.split(value, 4)
                found[f"encoder.layers.{layer}.{kind}_{way}"] = np.concatenate([i, f, c, o])
    return found


def _heads(tables: dict[str, Any], ours: list[Any], polnear: list[Any], roles: list[Any]) -> dict[str, Any]:
    """The biases of our own scheme stand as they are; PolNeAR's shift is what explains the difference of its own."""
    names = ("anchor_inner", "anchor_out", "token_side", "anchor_side")
    shifted = [0, 2, 3]  # of these names
    weights, biases, others = ours[8::2], ours[9::2], polnear[9::2]
    side = np.concatenate([weights[n].T for n in shifted])
    apart = np.concatenate([others[n] - biases[n] for n in shifted])
    shift = np.linalg.lstsq(side, apart, rcond=None)[0]
    found = {"scheme.weight": np.stack([np.zeros_like(shift), shift])}
    for name, weight, bias in zip(names, weights, biases, strict=True):
        found |= {f"{name}.weight": weight.T, f"{name}.bias": bias}
    found |= {"distance.weight": tables["rel"], "sentence.weight": tables["seg"]}
    found["anchor_class.weight"] = tables["anchor_kind"]
    for number, start in enumerate(range(2, len(roles) - 2, 2)):
        found |= {f"convolutions.{number}.weight": roles[start], f"convolutions.{number}.bias": roles[start + 1]}
    found |= {"out.weight": roles[-2].T, "out.bias": roles[-1]}
    for ours_name, name in (
        ("attribute_inner", "attributes"),
        ("kind", "kind"),
        ("act", "act"),
        ("negated", "negated"),
    ):
        found |= {f"{ours_name}.weight": tables[f"{name}.w"], f"{ours_name}.bias": tables[f"{name}.b"]}
    return {f"heads.{name}": value for name, value in found.items()}
