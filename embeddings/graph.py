"""The default model as int8 ONNX graphs: token ids to states behind some layers, and on to unit vectors.

A passage goes through the lower and the upper one; its sentences start from its states and go through the upper one
only. The middle one, whose layers are in the upper one too, ends where tokens of two languages are most alike.

All texts of a batch have the same number of tokens, so there is no padding and no mask. Built from operators that
run fast in onnxruntime on a CPU, some of them its own (domain com.microsoft):

* The embedding table stays in the data's four bits. Each byte is looked up as its two values: exact, and three times
  as fast as GatherBlockQuantized.
* Linear layers are int8 (DynamicQuantizeMatMul): a scale for each output, and for each batch one of the inputs.
* In each feed-forward block one channel swells up to ten times beyond all others. The scale of the inputs would be
  made for it and leave the others few steps, so it goes a way of its own, in float32. It is the channel with the
  longest column in the second matrix. This takes the error (1 - cosine) from 0.003 to 0.001.
* Add and LayerNormalization apart: the fused SkipLayerNormalization takes five times as long.
* Large constants are in a file beside the graphs, which onnxruntime maps: of the embedding table a process holds the
  pages it has looked words up in, and can give them back. A graph is loaded in 15 ms instead of 71.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from embeddings.weights import BLOCK, Floats, Weights

TOKENS, STATES, MIDDLE, VECTORS = "tokens", "states", "middle", "vectors"

_OWN_DOMAIN = "com.microsoft"
# Seven bits, not eight: where a processor has no VNNI instructions, products are summed in pairs in 16 bits,
# and 2 * 255 * 63 is the most that fits.
_STEPS = 63
# Bytes from which on a constant is kept outside of its graph, at a multiple of `_ALIGNED`, a line of a core's cache.
_LARGE, _ALIGNED = 4096, 64


def lower_graph(weights: Weights, layers: int) -> ModelProto:
    """`tokens` (texts, tokens) int64 -> `states` (texts, tokens, hidden) float32, behind the first `layers`."""
    graph = _Graph(weights)
    hidden = graph.transform(range(layers), graph.embed(TOKENS))
    graph.node("Identity", [hidden], STATES)
    return graph.model(graph.tokens(), graph.states())


def middle_graph(weights: Weights, layers: range, cone: Floats) -> ModelProto:
    """`states` before `layers` -> `middle` (texts, tokens, hidden) float32 behind them.

    Without their part in the (n, hidden) orthonormal directions `cone`.
    """
    graph = _Graph(weights)
    rest = graph.constant("rest", np.eye(weights.shape.hidden, dtype=np.float32) - cone.T @ cone)
    graph.node("MatMul", [graph.transform(layers, STATES), rest], MIDDLE)
    return graph.model(graph.states(), graph.states(MIDDLE))


def upper_graph(weights: Weights, layers: int) -> ModelProto:
    """`states` behind the first `layers` -> `vectors` (texts, hidden) float32, unit length."""
    graph = _Graph(weights)
    hidden = graph.transform(range(layers, weights.shape.layers), STATES)
    mean = graph.node("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    graph.node("LpNormalization", [mean], VECTORS, axis=-1, p=2)
    return graph.model(graph.states(), graph.vectors())


def save(graph: ModelProto, file: Path, constants: Path) -> None:
    """Write a graph to `file`, its large constants to the end of `constants` in the same folder."""
    with constants.open("ab") as end:
        for tensor in graph.graph.initializer:
            if len(tensor.raw_data) < _LARGE:
                continue
            end.write(bytes(-end.tell() % _ALIGNED))
            set_external_data(tensor, constants.name, end.tell(), len(tensor.raw_data))
            end.write(tensor.raw_data)
            tensor.ClearField("raw_data")
    file.write_bytes(graph.SerializeToString())


class _Graph:
    """Collects nodes and constants; a value is known by its name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.shape = weights.shape
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def model(self, source: ValueInfoProto, target: ValueInfoProto) -> ModelProto:
        graph = helper.make_graph(self.nodes, "encoder", [source], [target], self.constants)
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(_OWN_DOMAIN, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=10)

    def tokens(self) -> ValueInfoProto:
        return helper.make_tensor_value_info(TOKENS, TensorProto.INT64, ["texts", "tokens"])

    def states(self, name: str = STATES) -> ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "tokens", self.shape.hidden])

    def vectors(self) -> ValueInfoProto:
        return helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["texts", self.shape.hidden])

    def node(self, operator: str, inputs: Sequence[str], output: str, *more: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output, *more], output, **attributes))
        return output

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def transform(self, layers: range, hidden: str) -> str:
        for layer in layers:
            hidden = self.feed_forward(f"l{layer}", self.attend(f"l{layer}", hidden))
        return hidden

    def embed(self, tokens: str) -> str:
        """Word, position and the one type, normalised."""
        hidden = self.shape.hidden
        values, scales = self.weights.blocks("emb.word", hidden)
        nibbles = (values + 8).astype(np.uint8)
        packed = self.constant("words", nibbles[:, 0::2] | nibbles[:, 1::2] << 4)
        rows = self.node("Gather", [packed, tokens], "rows", axis=0)
        indices = self.node("Cast", [rows], "indices", to=TensorProto.INT32)
        pairs = self.node("Gather", [self.constant("pairs", _byte_values()), indices], "steps", axis=0)
        blocks = self.constant("blocks", np.array([0, 0, hidden // BLOCK, BLOCK]))
        steps = self.node("Reshape", [pairs, blocks], "block_steps")
        scale = self.node("Gather", [self.constant("words.scale", scales[..., None]), tokens], "scale", axis=0)
        scaled = self.node("Mul", [steps, scale], "block_words")
        words = self.node("Reshape", [scaled, self.constant("flat", np.array([0, 0, hidden]))], "word")
        return self.add_and_norm("emb.ln", words, self.positions(tokens))

    def positions(self, tokens: str) -> str:
        """(tokens, hidden): the first rows of the position table, the type added."""
        hidden = self.shape.hidden
        table = self.weights.vector("emb.pos").reshape(-1, hidden) + self.weights.vector("emb.type")[:hidden]
        start = self.constant("start", np.zeros(1, np.int64))
        length = self.node("Shape", [tokens], "length", start=1, end=2)
        return self.node("Slice", [self.constant("positions", table), start, length], "position")

    def attend(self, layer: str, hidden: str) -> str:
        # Quantised once for the three layers that read it.
        quantised = (f"{layer}.steps", f"{layer}.step", f"{layer}.zero")
        self.node("DynamicQuantizeLinear", [hidden], *quantised)
        heads = [self.linear_of_steps(f"{layer}.{part}", *quantised) for part in "qkv"]
        mixed = self.node("MultiHeadAttention", heads, f"{layer}.mixed", domain=_OWN_DOMAIN, num_heads=self.shape.heads)
        output = self.linear(f"{layer}.ao", mixed, *self.linear_weights(f"{layer}.ao"))
        return self.add_and_norm(f"{layer}.aln", output, hidden)

    def feed_forward(self, layer: str, hidden: str) -> str:
        inner, inner_bias = self.linear_weights(f"{layer}.fi")
        outer, outer_bias = self.linear_weights(f"{layer}.fo", self.shape.intermediate)
        loud = np.linalg.norm(outer, axis=1).argmax(keepdims=True)
        apart = self.apart(layer, hidden, inner[:, loud], inner_bias[loud], outer[loud])
        inner[:, loud], inner_bias[loud], outer[loud] = 0, 0, 0
        wide = self.linear(f"{layer}.fi", hidden, inner, inner_bias)
        active = self.node("Gelu", [wide], f"{layer}.active", domain=_OWN_DOMAIN)
        output = self.linear(f"{layer}.fo", active, outer, outer_bias)
        return self.add_and_norm(f"{layer}.oln", output, apart)

    def apart(self, layer: str, hidden: str, inner: Floats, bias: Floats, outer: Floats) -> str:
        """The loud channel's share of the block's output in float32, added to the block's input."""
        name = f"{layer}.loud"
        wide = self.node("MatMul", [hidden, self.constant(f"{name}.inner", inner)], f"{name}.wide")
        biased = self.node("Add", [wide, self.constant(f"{name}.bias", bias)], f"{name}.biased")
        active = self.node("Gelu", [biased], f"{name}.active", domain=_OWN_DOMAIN)
        share = self.node("MatMul", [active, self.constant(f"{name}.outer", outer)], f"{name}.share")
        return self.node("Add", [hidden, share], f"{name}.sum")

    def add_and_norm(self, name: str, left: str, right: str) -> str:
        scale = self.constant(f"{name}.w", self.weights.vector(f"{name}.w"))
        bias = self.constant(f"{name}.b", self.weights.vector(f"{name}.b"))
        total = self.node("Add", [left, right], f"{name}.sum")
        epsilon = self.shape.epsilon
        return self.node("LayerNormalization", [total, scale, bias], f"{name}.out", epsilon=epsilon)

    def linear(self, name: str, inputs: str, matrix: Floats, bias: Floats) -> str:
        """`matrix` (inputs, outputs) and `bias` (outputs,), on float32 inputs."""
        names = [inputs, *self.quantised(name, matrix), "", self.constant(f"{name}.b", bias)]
        return self.node("DynamicQuantizeMatMul", names, f"{name}.out", domain=_OWN_DOMAIN)

    def linear_of_steps(self, name: str, steps: str, step: str, zero: str) -> str:
        """The linear layer of that name, on inputs that are quantised already."""
        matrix, bias = self.linear_weights(name)
        values, scale = self.quantised(name, matrix)
        names = [steps, values, step, scale, zero, "", self.constant(f"{name}.b", bias)]
        return self.node("MatMulIntegerToFloat", names, f"{name}.out", domain=_OWN_DOMAIN)

    def quantised(self, name: str, matrix: Floats) -> tuple[str, str]:
        """The constants of its int8 values and of their scales, one for each output."""
        largest = np.abs(matrix).max(axis=0)
        scale = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(_STEPS)
        values = self.constant(f"{name}.w", np.rint(matrix / scale).astype(np.int8))
        return values, self.constant(f"{name}.scale", scale)

    def linear_weights(self, name: str, inputs: int | None = None) -> tuple[Floats, Floats]:
        """(inputs, outputs) and (outputs,), float32."""
        matrix = self.weights.matrix(f"{name}.w", inputs or self.shape.hidden)
        return matrix.T.copy(), self.weights.vector(f"{name}.b")


def _byte_values() -> Floats:
    """(256, 2): a byte's low and high nibble, each as a value from -8 to 7."""
    byte = np.arange(256)
    values: Floats = np.stack([byte & 15, byte >> 4], axis=1).astype(np.float32) - np.float32(8)
    return values
