"""A function as the files that runtimes read: a SavedModel and an ONNX graph, with the same names in both."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

from app.conversion.errors import ConversionFailed
from app.conversion.function import ServingFunction
from app.inference.runtimes.onnx import MODEL as ONNX_MODEL
from app.inference.runtimes.savedmodel import SIGNATURE

OPSET = 17
LONGEST_CAUSE = 300


def write_saved_model(function: ServingFunction, folder: Path) -> None:
    """Write `saved_model.pb` and `variables/` into the folder, its `serving_default` being the function.

    Not by Keras's own export, which writes every weight twice: as Keras's variable and as the TensorFlow one inside it.
    """
    module = tf.Module()
    module.resources = list(function.resources)
    tf.saved_model.save(module, str(folder), {SIGNATURE: function.traced().get_concrete_function()})
    assets = folder / "assets"
    if not any(assets.iterdir()):
        assets.rmdir()  # TensorFlow makes it in any case; git and most archives would lose it


def write_onnx(function: ServingFunction, folder: Path) -> None:
    """Write `model.onnx` with the function's names; raises `ConversionFailed`."""
    traced = function.traced()
    try:
        concrete = traced.get_concrete_function()
        graph, _ = tf2onnx.convert.from_function(
            traced, function.tensor_specs(), opset=OPSET, custom_op_handlers={"Erfc": (_write_erfc, [])}
        )
        _keep_constants(graph, concrete)
        _name_outputs(graph, sorted(concrete.structured_outputs))
        onnx.checker.check_model(graph)
        onnx.save(graph, folder / ONNX_MODEL)
    except Exception as error:  # the converter's errors share no base class below Exception
        cause = " ".join(str(error).split())[:LONGEST_CAUSE]
        raise ConversionFailed(f"the model cannot be converted to ONNX: {cause}") from error


def _write_erfc(graph: Any, node: Any, name: str, _arguments: Sequence[Any]) -> None:
    """One of TensorFlow's `Erfc` as 1 − `Erf`: the exact GELU is made of it, and the converter does not know it."""
    place, dtype, shape = node.output[0], graph.get_dtype(node.output[0]), graph.get_shape(node.output[0])
    one = graph.make_const(f"{name}_one", np.ones((), tf2onnx.utils.map_onnx_to_numpy_type(dtype)))
    erf = graph.make_node("Erf", [node.input[0]], shapes=[shape], dtypes=[dtype])
    graph.remove_node(name)
    graph.make_node("Sub", [one.output[0], erf.output[0]], name=name, outputs=[place], shapes=[shape], dtypes=[dtype])


def _keep_constants(graph: Any, concrete: Any) -> None:
    """Hold what the function refers to without having made it, such as what an adapted `Normalization` has counted.

    TensorFlow hands it to the function with each call, and the converter takes it for inputs.
    """
    constants = {inner.name: value for value, inner in concrete.graph.captures if inner.dtype != tf.resource}
    inputs = [given for given in graph.graph.input if given.name in constants]
    for given in inputs:
        graph.graph.input.remove(given)
        graph.graph.initializer.append(onnx.numpy_helper.from_array(constants[given.name].numpy(), given.name))


def _name_outputs(graph: Any, names: Sequence[str]) -> None:
    """Give the graph's outputs these names; the converter calls them `Identity:0` and so on, in the names' order."""
    for output, name in zip(graph.graph.output, names, strict=True):
        given = output.name
        for node in graph.graph.node:
            node.output[:] = [name if each == given else each for each in node.output]
            node.input[:] = [name if each == given else each for each in node.input]
        output.name = name
