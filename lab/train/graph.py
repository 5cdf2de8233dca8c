"""ONNX graphs built node by node, of nothing but plain operators, so that what ships can be read."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET, IR = 17, 8  # read by every onnxruntime since 1.13
TYPES = {"float": TensorProto.FLOAT, "int32": TensorProto.INT32}


class Graph:
    """A graph under construction. Each method gives the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: Any) -> str:
        """A tensor that is part of the graph."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], *, name: str | None = None, **attributes: Any) -> str:
        """One operator with one output."""
        output = name or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def linear(self, layer: Any, current: str, *, shift: Any = None, name: str | None = None) -> str:
        """A linear layer; `shift` is added to its input, and so folded into its bias."""
        weight, bias = _array(layer.weight), _array(layer.bias)
        if shift is not None:
            bias = bias + weight @ shift
        return self.node(
            "Add", [self.node("MatMul", [current, self.constant(weight.T)]), self.constant(bias)], name=name
        )

    def convolution(self, layer: Any, current: str) -> str:
        """A convolution in one dimension with as many outputs as inputs in length."""
        size, apart = layer.kernel_size[0], layer.dilation[0]
        pad = size // 2 * apart
        inputs = [current, self.constant(_array(layer.weight)), self.constant(_array(layer.bias))]
        return self.node("Conv", inputs, kernel_shape=[size], pads=[pad, pad], dilations=[apart])

    def recurrent(self, layer: Any, current: str, lengths: str) -> str:
        """A bidirectional LSTM layer over (tokens, batch, width): (tokens, batch, 2 x hidden)."""
        hidden = layer.hidden_size
        ways = ("l0", "l0_reverse")
        inputs = [
            current,
            self.constant(np.stack([_gates(getattr(layer, f"weight_ih_{way}")) for way in ways])),
            self.constant(np.stack([_gates(getattr(layer, f"weight_hh_{way}")) for way in ways])),
            self.constant(np.stack([_biases(layer, way) for way in ways])),
            lengths,
        ]
        found = self.node("LSTM", inputs, direction="bidirectional", hidden_size=hidden)
        both = self.node("Transpose", [found], perm=[0, 2, 1, 3])
        return self.node("Reshape", [both, self.constant(np.array([0, 0, 2 * hidden], np.int64))])

    def model(self, inputs: dict[str, tuple[str, list[Any]]], outputs: dict[str, list[Any]]) -> bytes:
        """The finished model, checked."""
        graph = helper.make_graph(
            self._nodes,
            "onrecord",
            [helper.make_tensor_value_info(name, TYPES[kind], shape) for name, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        checker.check_model(model)
        found: bytes = model.SerializeToString()
        return found


def _array(tensor: Any) -> Any:
    return tensor.detach().numpy().astype(np.float32)


def _gates(tensor: Any) -> Any:
    """Gates in ONNX's order (input, output, forget, cell) from torch's (input, forget, cell, output)."""
    i, f, c, o = np.split(_array(tensor), 4)
    return np.concatenate([i, o, f, c])


def _biases(layer: Any, way: str) -> Any:
    return np.concatenate([_gates(getattr(layer, f"bias_ih_{way}")), _gates(getattr(layer, f"bias_hh_{way}"))])
