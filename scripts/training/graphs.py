"""A Keras model as the files that runtimes read: a SavedModel and an ONNX graph, with the manifest's names in both."""

from pathlib import Path
from typing import Any

import keras
import onnx
import tensorflow as tf
import tf2onnx

from app.errors import HorngateError
from app.inference.runtimes.onnx import MODEL as ONNX_MODEL
from app.inference.runtimes.savedmodel import SIGNATURE
from app.types import Signature

OPSET = 17


class ConversionFailed(HorngateError):
    """The model could not be turned into an ONNX graph; the message is the converter's."""

    code = "conversion_failed"
    title = "The model cannot be converted"


def write_saved_model(model: keras.Model, signature: Signature, folder: Path) -> None:
    """Write `saved_model.pb` and `variables/` into the folder, its `serving_default` having the signature's names.

    Not by Keras's own export, which writes every weight twice: as Keras's variable and as the TensorFlow one inside it.
    """
    module = tf.Module()
    module.weights = [variable.value for variable in model.variables]
    function = tf.function(_serving_function(model, signature), input_signature=_tensor_specs(signature))
    tf.saved_model.save(module, str(folder), {SIGNATURE: function.get_concrete_function()})
    assets = folder / "assets"
    if not any(assets.iterdir()):
        assets.rmdir()  # TensorFlow makes it in any case; git and most archives would lose it


def write_onnx(model: keras.Model, signature: Signature, folder: Path) -> None:
    """Write `model.onnx` with the signature's names; raises `ConversionFailed`."""
    function = tf.function(_serving_function(model, signature), input_signature=_tensor_specs(signature))
    try:
        graph, _ = tf2onnx.convert.from_function(function, _tensor_specs(signature), opset=OPSET)
        _name_outputs(graph, signature)
        onnx.checker.check_model(graph)
        onnx.save(graph, folder / ONNX_MODEL)
    except Exception as error:  # the converter's errors share no base class below Exception
        raise ConversionFailed(f"{model.name} cannot be converted to ONNX: {error}") from error


def _serving_function(model: keras.Model, signature: Signature) -> Any:
    """The model as a function from its one input to its outputs by name."""
    output = signature.outputs[0].name

    def serve(inputs: Any) -> dict[str, Any]:
        return {output: model(inputs, training=False)}

    return serve


def _tensor_specs(signature: Signature) -> list[Any]:
    return [tf.TensorSpec(spec.shape, spec.dtype, name=spec.name) for spec in signature.inputs]


def _name_outputs(graph: Any, signature: Signature) -> None:
    """Give the graph's outputs the signature's names; the converter calls them `Identity:0` and so on."""
    for output, spec in zip(graph.graph.output, signature.outputs, strict=True):
        given = output.name
        for node in graph.graph.node:
            node.output[:] = [spec.name if name == given else name for name in node.output]
            node.input[:] = [spec.name if name == given else name for name in node.input]
        output.name = spec.name
