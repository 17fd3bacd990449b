"""Graph: a trained encoder as an ONNX graph with weights of eight bits or fewer.

Weights have one scale per column, activations fixed scales measured beforehand, so that a text's answer does not depend
on the texts beside it, as it would with scales taken from each batch. Seven bits for weights keep processors without
VNNI from overflowing where they add pairs of products, and compress better.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]
Ranges = Mapping[str, tuple[float, float]]

MICROSOFT = "com.microsoft"
WEIGHT_TOP, WORD_TOP = 63, 31
"""Largest whole number of a weight (7 bits) and of a word's vector (6 bits)."""
EPSILON = 1e-12
SHARES = np.arange(0.5, 1.001, 0.05)


def quantize(value: Array, top: int) -> tuple[Array, Array]:
    """`value` (rows, columns) as whole numbers from -top to top and a scale (1, columns) per column: the one of least
    squared error, for cutting the few largest weights costs less than coarser steps for all others."""
    largest = np.maximum(np.abs(value).max(0, keepdims=True), 1e-8)
    best, error = largest / top, np.full(largest.shape, np.inf)
    for share in SHARES:
        scale = largest * share / top
        off = ((np.clip(np.round(value / scale), -top, top) * scale - value) ** 2).sum(0, keepdims=True)
        best, error = np.where(off < error, scale, best), np.minimum(off, error)
    return np.clip(np.round(value / best), -top, top).astype(np.int8), best.astype(np.float32)


class Graph:
    """An ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **options))
        return output

    def quantized(self, name: str, span: tuple[float, float]) -> tuple[str, str, str]:
        """The activation `name` as unsigned bytes: its name, scale and zero."""
        low, high = min(span[0], 0.0), max(span[1], 0.0)
        scale = (high - low) / 255
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        names = self.constant(f"{name}.scale", np.float32(scale)), self.constant(f"{name}.zero", zero)
        return self.add("QuantizeLinear", [name, *names], f"{name}.bytes"), *names

    def weight(self, name: str, value: Array) -> tuple[str, str, str]:
        """`value` (in, out) as bytes with a scale per column: its name, scales and zeros."""
        whole, scale = quantize(value, WEIGHT_TOP)
        return (
            self.constant(name, whole),
            self.constant(f"{name}.scale", scale[0]),
            self.constant(f"{name}.zero", np.zeros(scale.shape[1], np.int8)),
        )

    def product(self, left: str, span: tuple[float, float], name: str, weights: Mapping[str, Array]) -> str:
        """`left` times the weight `name`, with its bias."""
        data, scale, zero = self.quantized(left, span)
        weight, scales, zeros = self.weight(f"{name}.weight", weights[f"{name}.weight"].T)
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        inputs = [data, weight, scale, scales, zero, zeros, bias]
        return self.add("MatMulIntegerToFloat", inputs, f"{name}.product", MICROSOFT)

    def normalized(self, inputs: list[str], name: str, weights: Mapping[str, Array], output: str) -> str:
        """LayerNorm of the sum of two inputs, in plain nodes: the runtime's one for both takes four times as long."""
        both = self.add("Add", inputs, f"{name}.sum")
        parts = [self.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.add("LayerNormalization", [both, *parts], output, axis=-1, epsilon=EPSILON)


def build(weights: Mapping[str, Array], ranges: Ranges, layers: int, heads: int) -> Any:
    """The model. Inputs `ids` (batch, tokens) and `mask` (1.0 for a token, 0.0 for padding), output `logits`.

    `weights` are named as in `training.earshot.network`; `ranges` give the span of every product's left side.
    """
    graph = Graph()
    x = _embedded(graph, weights)
    graph.add("Cast", ["mask"], "mask.whole", to=TensorProto.INT32)
    for number in range(layers):
        x = _layer(graph, weights, ranges, f"layers.{number}", x, heads)
    _pooled(graph, weights, x)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["batch", "tokens"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(weights["head.bias"])])]
    whole = helper.make_graph(graph.nodes, "earshot", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(whole, opset_imports=opsets)
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def _embedded(graph: Graph, weights: Mapping[str, Array]) -> str:
    """Words and places, added and normalized; a scale per word."""
    words = weights["words.weight"]
    whole, scale = quantize(words.T, WORD_TOP)
    graph.constant("words", whole.T)
    graph.constant("words.scale", scale.T)
    graph.constant("places", weights["places.weight"])
    for name, value in (("zero", 0), ("one", 1), ("two", 2)):
        graph.constant(name, np.array([value], np.int64))
    graph.add("Gather", ["words", "ids"], "word.bytes")
    graph.add("Cast", ["word.bytes"], "word.whole", to=TensorProto.FLOAT)
    graph.add("Gather", ["words.scale", "ids"], "word.scale")
    graph.add("Mul", ["word.whole", "word.scale"], "word")
    graph.add("Shape", ["ids"], "shape")
    graph.add("Slice", ["shape", "one", "two"], "length")
    graph.add("Slice", ["places", "zero", "length"], "place")
    return graph.normalized(["word", "place"], "norm", weights, "embedded")


def _layer(graph: Graph, weights: Mapping[str, Array], ranges: Ranges, name: str, x: str, heads: int) -> str:
    data, scale, zero = graph.quantized(x, ranges[f"{name}.input"])
    weight, scales, zeros = graph.weight(f"{name}.attend.weight", weights[f"{name}.attend.weight"].T)
    bias = graph.constant(f"{name}.attend.bias", weights[f"{name}.attend.bias"])
    inputs = [data, weight, bias, scale, scales, "mask.whole", zero, zeros]
    attended = graph.add("QAttention", inputs, f"{name}.attended", MICROSOFT, num_heads=heads)
    joined = graph.product(attended, ranges[f"{name}.attended"], f"{name}.join", weights)
    middle = graph.normalized([joined, x], f"{name}.join_norm", weights, f"{name}.middle")
    wide = graph.product(middle, ranges[f"{name}.middle"], f"{name}.widen", weights)
    wide = graph.add("FastGelu", [wide], f"{name}.wide", MICROSOFT)
    narrow = graph.product(wide, ranges[f"{name}.wide"], f"{name}.narrow", weights)
    return graph.normalized([narrow, middle], f"{name}.narrow_norm", weights, f"{name}.output")


def _pooled(graph: Graph, weights: Mapping[str, Array], x: str) -> None:
    """The mean over tokens, and the heads."""
    graph.constant("last", np.array([-1], np.int64))
    graph.add("Unsqueeze", ["mask", "last"], "mask.column")
    graph.add("Mul", [x, "mask.column"], "kept")
    graph.add("ReduceSum", ["kept", "one"], "sum", keepdims=0)
    graph.add("ReduceSum", ["mask", "one"], "count", keepdims=1)
    graph.add("Div", ["sum", "count"], "mean")
    parts = [graph.constant(name, weights[name]) for name in ("head.weight", "head.bias")]
    graph.add("Gemm", ["mean", *parts], "logits", transB=1)
