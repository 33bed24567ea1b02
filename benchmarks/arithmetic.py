"""What embedding costs in multiplications, and how many a machine can do."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Size:
    """Of a BERT encoder."""

    layers: int
    hidden: int
    intermediate: int

    @classmethod
    def of(cls, folder: Path) -> Size:
        """As the model folder's `config.json` says."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return cls(config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"])

    def linear(self, lengths: Sequence[int]) -> int:
        """Multiply-adds of the linear layers, over texts of that many tokens each; padding is no work."""
        return self.layers * (4 * self.hidden + 2 * self.intermediate) * self.hidden * sum(lengths)

    def attention(self, lengths: Sequence[int]) -> int:
        """Multiply-adds of queries with keys, and of weights with values."""
        return self.layers * 2 * self.hidden * sum(length * length for length in lengths)


def int8_rate(rows: int, inputs: int, outputs: int, cores: int, *, seconds: float = 0.5) -> float:
    """Multiply-adds a second of onnxruntime's int8 matrix multiplication alone; each core has its own to do.

    MatMulInteger: integers in and out, so quantising and scaling are not in it.
    """
    session = _session(inputs, outputs)
    values = np.random.default_rng(0).integers(0, 255, (rows, inputs)).astype(np.uint8)

    def work(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            session.run(None, {"x": values})
            done += 1
        return done

    with ThreadPoolExecutor(cores) as pool:
        started = time.perf_counter()
        done = sum(pool.map(work, [started + seconds] * cores))
        return done * rows * inputs * outputs / (time.perf_counter() - started)


def _session(inputs: int, outputs: int) -> onnxruntime.InferenceSession:
    weights = np.random.default_rng(1).integers(-63, 64, (inputs, outputs)).astype(np.int8)
    constants = [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(np.array(128, np.uint8), "zero")]
    node = helper.make_node("MatMulInteger", ["x", "w", "zero"], ["y"])
    source = helper.make_tensor_value_info("x", TensorProto.UINT8, ["rows", inputs])
    target = helper.make_tensor_value_info("y", TensorProto.INT32, ["rows", outputs])
    graph = helper.make_graph([node], "layer", [source], [target], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
