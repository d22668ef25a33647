"""Models like those of TensorFlow Serving's tests, and a client of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import numpy as np
import onnx
import pytest
import pytest_asyncio
from onnx import TensorProto, helper, numpy_helper

from app.repository.manifest import write_manifest

KINDS = {"float32": TensorProto.FLOAT, "string": TensorProto.STRING}

Spec = tuple[str, str, tuple[int | None, ...]]


def _write(
    folder: Path, nodes: list[tuple], weights: dict[str, float], inputs: list[Spec], outputs: list[Spec]
) -> None:
    folder.mkdir(parents=True)
    infos = [
        [
            helper.make_tensor_value_info(name, KINDS[dtype], ["rows" if size is None else size for size in shape])
            for name, dtype, shape in specs
        ]
        for specs in (inputs, outputs)
    ]
    constants = [numpy_helper.from_array(np.array(value, np.float32), name) for name, value in weights.items()]
    graph = helper.make_graph([helper.make_node(*node) for node in nodes], "made", *infos, constants)
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), folder / "model.onnx")
    signature = [[dict(zip(("name", "dtype", "shape"), spec, strict=True)) for spec in s] for s in (inputs, outputs)]
    write_manifest(
        folder,
        {
            "name": folder.parent.name,
            "version": int(folder.name),
            "task": "tensor",
            "signature": {"inputs": signature[0], "outputs": signature[1]},
            "plan": {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}},
        },
    )


@pytest.fixture(scope="session")
def serving_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`half_plus_two`, versions 123 (`stable`) and 124, and what `echo` gives back: its words, as text and as bytes.

    `half_plus_two_scores` gives its half plus two as the scores of a classifier.
    """
    models = tmp_path_factory.mktemp("serving")
    nodes = [("Mul", ["x", "half"], ["product"]), ("Add", ["product", "two"], ["y"])]
    weights = {"half": 0.5, "two": 2.0}
    for version in (123, 124):
        folder = models / "half_plus_two" / str(version)
        _write(folder, nodes, weights, [("x", "float32", (None,))], [("y", "float32", (None,))])
    (models / "half_plus_two" / "serving.json").write_text('{"labels": {"stable": 123}}')
    scores = [("Mul", ["x", "half"], ["product"]), ("Add", ["product", "two"], ["scores"])]
    folder = models / "half_plus_two_scores" / "1"
    _write(folder, scores, weights, [("x", "float32", (None, 1))], [("scores", "float32", (None, 1))])
    echo = [("Identity", ["word"], ["text"]), ("Identity", ["word"], ["text_bytes"])]
    outputs: list[Spec] = [("text", "string", (None,)), ("text_bytes", "string", (None,))]
    _write(models / "echo" / "1", echo, {}, [("word", "string", (None,))], outputs)
    return models


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(
    serving: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]], serving_models: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that serves them."""
    async with serving(serving_models) as client:
        yield client
