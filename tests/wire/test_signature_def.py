"""A signature in TensorFlow's words."""

from app.types import Signature, TensorSpec
from app.wire.protos import tensorflow_pb2 as tf
from app.wire.signature_def import signature_def_map


def test_every_tensor_is_told_with_its_type_and_shape() -> None:
    signature = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("t", "string", (None,)),))
    ((name, made),) = signature_def_map(signature).signature_def.items()
    assert (name, made.method_name) == ("serving_default", "tensorflow/serving/predict")
    assert made.inputs["x"].dtype == tf.DT_FLOAT
    assert [dim.size for dim in made.inputs["x"].tensor_shape.dim] == [-1, 2]
    assert made.outputs["t"].dtype == tf.DT_STRING
