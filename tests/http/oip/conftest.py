"""Models like those of Triton's examples, and a client of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import onnx
import pytest
import pytest_asyncio
from onnx import TensorProto, helper

from app.repository.manifest import write_manifest

DTYPES = {TensorProto.INT32: "int32", TensorProto.FLOAT: "float32", TensorProto.STRING: "string"}


def _write(models: Path, name: str, nodes: list, inputs: dict, outputs: dict, **content: object) -> None:
    folder = models / name / "1"
    folder.mkdir(parents=True)
    parts = [
        [helper.make_tensor_value_info(tensor, kind, ["rows", *shape]) for tensor, (kind, shape) in specs.items()]
        for specs in (inputs, outputs)
    ]
    graph = helper.make_graph([helper.make_node(*node) for node in nodes], name, *parts)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    signature = [
        [{"name": tensor, "dtype": DTYPES[kind], "shape": (None, *shape)} for tensor, (kind, shape) in specs.items()]
        for specs in (inputs, outputs)
    ]
    plan = {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}}
    write_manifest(
        folder,
        {
            "name": name,
            "version": 1,
            "task": "tensor",
            "signature": {"inputs": signature[0], "outputs": signature[1]},
            "plan": plan,
            **content,
        },
    )


@pytest.fixture(scope="session")
def simple_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`simple` adds and subtracts, the others give back what they get; the places of `scores` have labels."""
    models = tmp_path_factory.mktemp("simple")
    pair = {"INPUT0": (TensorProto.INT32, (16,)), "INPUT1": (TensorProto.INT32, (16,))}
    _write(
        models,
        "simple",
        [("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]), ("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])],
        pair,
        {name.replace("IN", "OUT"): spec for name, spec in pair.items()},
    )
    for name, kind, shape in (
        ("simple_identity", TensorProto.STRING, (1,)),
        ("simple_string", TensorProto.STRING, (16,)),
        ("floats", TensorProto.FLOAT, (-1,)),
    ):
        sizes = tuple(None if size < 0 else size for size in shape)
        _write(
            models,
            name,
            [("Identity", ["INPUT0"], ["OUTPUT0"])],
            {"INPUT0": (kind, sizes)},
            {"OUTPUT0": (kind, sizes)},
        )
    _write(
        models,
        "scores",
        [("Identity", ["INPUT0"], ["OUTPUT0"])],
        {"INPUT0": (TensorProto.FLOAT, (3,))},
        {"OUTPUT0": (TensorProto.FLOAT, (3,))},
        labels=["cat", "dog", "eel"],
    )
    return models


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simple(
    serving: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]], simple_models: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that serves them."""
    async with serving(simple_models) as client:
        yield client
