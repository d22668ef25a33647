"""An inference request of the Open Inference Protocol over HTTP: JSON, or JSON with binary tensors.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, and
triton-inference-server/server, docs/protocol/extension_binary_data.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.errors import InputInvalid
from app.types import Array
from app.wire.json_tensors import json_of, refuse_overflow
from app.wire.oip_binary import Tail
from app.wire.oip_fields import list_of, object_of, parameters_in, shape_of, string_in
from app.wire.oip_parameters import SEQUENCES, Parameters, classification_of, flag_of, refuse_sequences
from app.wire.oip_values import array_of_values

REQUEST_PARAMETERS = ("priority", "timeout", "binary_data_output", *SEQUENCES)
INPUT_PARAMETERS = ("binary_data_size",)
OUTPUT_PARAMETERS = ("binary_data", "classification")


@dataclass(frozen=True, slots=True)
class WantedOutput:
    """An output that is asked for: as bytes or in JSON, as numbers or as the names of so many classes."""

    name: str
    is_binary: bool
    classes: int | None = None


@dataclass(frozen=True, slots=True)
class InferRequest:
    """What a request says; `outputs` is None where it wants all of them, as bytes where `is_binary`."""

    tensors: Mapping[str, Array]
    request_id: str = ""
    parameters: Parameters = field(default_factory=dict)
    outputs: Sequence[WantedOutput] | None = None
    is_binary: bool = False


def read_request(body: bytes | memoryview, header_length: int | None) -> InferRequest:
    """The request that a body holds, its JSON the first `header_length` bytes; all of it where that is None.

    Raises `BodyMalformed` where it cannot be read, `InputInvalid` where it says what cannot be.
    """
    head = bytes(body if header_length is None else body[:header_length])
    asked = object_of(json_of(head), "the body")
    parameters = parameters_in(asked, "", REQUEST_PARAMETERS)
    refuse_sequences(parameters)
    is_binary = flag_of(parameters, "binary_data_output", "") or False
    outputs = asked.get("outputs")
    tail = Tail(memoryview(body)[len(head) :])
    inputs = list_of(asked.get("inputs"), "inputs")
    tensors = _tensors(inputs, tail)
    tail.finish()
    written = [tensors[given["name"]] for given in inputs if "data" in given]
    refuse_overflow(written, head, "/inputs")
    return InferRequest(
        tensors,
        request_id_in(asked),
        parameters,
        None if outputs is None else _outputs(list_of(outputs, "outputs"), is_binary=is_binary),
        is_binary,
    )


def request_id_in(asked: Mapping[str, Any]) -> str:
    """The request's own id; raises `InputInvalid` for one that is no string."""
    given = asked.get("id", "")
    if not isinstance(given, str):
        raise InputInvalid.at("/id", "a string", type(given).__name__)
    return given


def _tensors(inputs: Sequence[Any], tail: Tail) -> dict[str, Array]:
    """The inputs by name; raises `InputInvalid`."""
    tensors: dict[str, Array] = {}
    for place, given in enumerate(inputs):
        tensor = object_of(given, f"/inputs/{place}")
        name = string_in(tensor, "name", f"/inputs/{place}")
        pointer = f"/inputs/{name[:64]}"
        if name in tensors:
            raise InputInvalid.at(pointer, "each input once", "it twice")
        tensors[name] = _tensor(tensor, pointer, tail)
    return tensors


def _tensor(tensor: Mapping[str, Any], pointer: str, tail: Tail) -> Array:
    """One input's values, from its `data` or from the bytes after the JSON; raises `InputInvalid`."""
    datatype, shape = string_in(tensor, "datatype", pointer), shape_of(tensor.get("shape"), pointer)
    size = parameters_in(tensor, pointer, INPUT_PARAMETERS).get("binary_data_size")
    if size is None:
        if "data" not in tensor:
            raise InputInvalid.at(pointer, "data, or a binary_data_size", "neither")
        return array_of_values(tensor["data"], datatype, shape, pointer)
    if "data" in tensor:
        raise InputInvalid.at(pointer, "data or a binary_data_size", "both")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise InputInvalid.at(f"{pointer}/parameters/binary_data_size", "a number of bytes", repr(size)[:64])
    return tail.take(size, datatype, shape, pointer)


def _outputs(outputs: Sequence[Any], *, is_binary: bool) -> list[WantedOutput]:
    """The outputs that are asked for; raises `InputInvalid`."""
    wanted: dict[str, WantedOutput] = {}
    for place, given in enumerate(outputs):
        output = object_of(given, f"/outputs/{place}")
        name = string_in(output, "name", f"/outputs/{place}")
        pointer = f"/outputs/{name[:64]}"
        if name in wanted:
            raise InputInvalid.at(pointer, "each output once", "it twice")
        parameters = parameters_in(output, pointer, OUTPUT_PARAMETERS)
        own = flag_of(parameters, "binary_data", pointer)
        classes = classification_of(parameters, pointer)
        wanted[name] = WantedOutput(name, is_binary if own is None else own, classes)
    return list(wanted.values())
