"""The Open Inference Protocol's gRPC messages: what a `ModelInferRequest` asks, and the answer to it."""

from collections.abc import Mapping, Sequence

from app.errors import BodyMalformed, InputInvalid
from app.types import Array, Inference
from app.wire.oip_outputs import WantedOutput
from app.wire.oip_parameters import classification_of
from app.wire.oip_tensors import (
    DTYPES,
    array_of_bytes,
    bytes_of_array,
    check_datatype,
    datatype_of,
    elements_of,
    numbers,
    objects,
)
from app.wire.protos.inference_pb2 import InferParameter, InferTensorContents, ModelInferRequest, ModelInferResponse

Parameters = Mapping[str, bool | int | float | str]

CONTENTS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}
"""The field of `InferTensorContents` that holds each datatype; FP16 has none."""

SHARED_MEMORY = "shared_memory_region"


def tensors_of(request: ModelInferRequest) -> dict[str, Array]:
    """The request's inputs by name; numbers that came as raw bytes are views of them.

    Raises `BodyMalformed` where the contents do not belong to the inputs, `InputInvalid` where one does not fit its
    datatype and shape.
    """
    raw = request.raw_input_contents
    if raw and len(raw) != len(request.inputs):
        raise BodyMalformed(f"expected raw_input_contents for {len(request.inputs)} inputs; received {len(raw)}")
    tensors: dict[str, Array] = {}
    for place, tensor in enumerate(request.inputs):
        name, pointer = tensor.name, f"/inputs/{tensor.name[:64]}"
        if name in tensors:
            raise InputInvalid.at(pointer, "each input once", "it twice")
        if SHARED_MEMORY in tensor.parameters:
            raise InputInvalid.at(pointer, "the tensor in the request", "a region of shared memory, which is not read")
        if raw and tensor.HasField("contents"):
            raise BodyMalformed(f"{pointer}: expected contents or raw_input_contents; received both")
        shape = list(tensor.shape)
        if raw:
            tensors[name] = array_of_bytes(raw[place], tensor.datatype, shape, pointer)
        else:
            tensors[name] = _array_of_contents(tensor.contents, tensor.datatype, shape, pointer)
    return tensors


def parameters_of(parameters: Mapping[str, InferParameter]) -> Parameters:
    """A message's parameters, each as the value that it holds; those that hold none are left out."""
    held = ((name, parameter, parameter.WhichOneof("parameter_choice")) for name, parameter in parameters.items())
    return {name: getattr(parameter, field) for name, parameter, field in held if field}


def outputs_of(request: ModelInferRequest) -> Sequence[WantedOutput] | None:
    """The outputs that the request names, each with its classes; None where it names none, for it wants all then.

    Raises `InputInvalid`.
    """
    asked = [
        WantedOutput(
            output.name,
            is_binary=True,
            classes=classification_of(parameters_of(output.parameters), f"/outputs/{output.name[:64]}"),
        )
        for output in request.outputs
    ]
    return asked or None


def response_of(inference: Inference, outputs: Mapping[str, Array], request_id: str) -> ModelInferResponse:
    """The answer, its `outputs` as raw bytes: that is how Triton answers whatever the request's contents were."""
    response = ModelInferResponse(model_name=inference.model, model_version=str(inference.version), id=request_id)
    for name, array in outputs.items():
        response.outputs.add(name=name, datatype=datatype_of(array), shape=array.shape)
        response.raw_output_contents.append(bytes_of_array(array))
    return response


def _array_of_contents(contents: InferTensorContents, datatype: str, shape: list[int], pointer: str) -> Array:
    """The tensor that a typed list holds."""
    check_datatype(datatype, pointer)
    count = elements_of(shape, pointer)
    field = CONTENTS.get(datatype)
    if field is None:
        raise InputInvalid.at(pointer, f"{datatype} in raw_input_contents", "contents, which have no field for it")
    values = getattr(contents, field)
    if len(values) != count:
        raise InputInvalid.at(pointer, f"{count} values in {field} for {shape} {datatype}", f"{len(values)} values")
    if datatype == "BYTES":
        return objects(values, shape)
    return numbers(values, DTYPES[datatype], pointer).reshape(shape)
