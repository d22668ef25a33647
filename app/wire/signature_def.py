"""A signature as TensorFlow writes it down, for who asks TensorFlow Serving's metadata."""

from app.types import Signature, TensorSpec
from app.wire.protos.tensorflow_pb2 import SignatureDef, TensorInfo
from app.wire.protos.tensorflow_serving_pb2 import SignatureDefMap
from app.wire.tensor_proto import TYPES

METADATA_FIELD = "signature_def"
SIGNATURE = "serving_default"
"""The one signature of a served model."""

METHOD = "tensorflow/serving/predict"


def signature_def_map(signature: Signature) -> SignatureDefMap:
    """The model's one signature under its name; a tensor is named as in the signature, and a free size is -1."""
    made = SignatureDef(method_name=METHOD)
    for spec in signature.inputs:
        made.inputs[spec.name].CopyFrom(_info(spec))
    for spec in signature.outputs:
        made.outputs[spec.name].CopyFrom(_info(spec))
    return SignatureDefMap(signature_def={SIGNATURE: made})


def _info(spec: TensorSpec) -> TensorInfo:
    """One input or output."""
    info = TensorInfo(name=spec.name, dtype=TYPES[spec.dtype][0])
    for size in spec.shape:
        info.tensor_shape.dim.add(size=-1 if size is None else size)
    return info
