"""A model that does as good as nothing, so that what is measured is the way to it and back."""

from collections.abc import Sequence
from pathlib import Path

import onnx
from onnx import TensorProto, helper

from app.repository.manifest import write_manifest

INPUT, OUTPUT = "x", "y"

PLAN = {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}}
"""As for any small model: on the event loop."""


def write_passing_model(models: Path, name: str, *row: int | None, summed: bool = False) -> None:
    """`name/1` below `models`: gives back float32 rows of this shape, or where `summed` their sums."""
    folder = models / name / "1"
    folder.mkdir(parents=True)
    shapes = [(None, *row), (None,) if summed else (None, *row)]
    node = helper.make_node("ReduceSum", [INPUT, "axes"], [OUTPUT], keepdims=0)
    graph = helper.make_graph(
        [node if summed else helper.make_node("Identity", [INPUT], [OUTPUT])],
        name,
        *([_tensor(*tensor)] for tensor in zip((INPUT, OUTPUT), shapes, strict=True)),
        [helper.make_tensor("axes", TensorProto.INT64, [len(row)], range(1, len(row) + 1))] if summed else [],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    inputs, outputs = (
        [{"name": tensor, "dtype": "float32", "shape": shape}]
        for tensor, shape in zip((INPUT, OUTPUT), shapes, strict=True)
    )
    signature = {"inputs": inputs, "outputs": outputs}
    write_manifest(folder, {"name": name, "version": 1, "task": "tensor", "signature": signature, "plan": PLAN})


def _tensor(name: str, shape: Sequence[int | None]) -> onnx.ValueInfoProto:
    """A float32 tensor whose free sizes have names."""
    sizes = [f"size{place}" if size is None else size for place, size in enumerate(shape)]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)
