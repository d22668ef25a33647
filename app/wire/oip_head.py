"""The JSON of an inference request of the Open Inference Protocol over HTTP: what it declares, without its tensors.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, and
triton-inference-server/server, docs/protocol/extension_binary_data.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.errors import InputInvalid
from app.wire.json_tensors import json_of
from app.wire.oip_fields import list_of, object_of, parameters_in, shape_of, string_in
from app.wire.oip_outputs import WantedOutput
from app.wire.oip_parameters import SEQUENCES, Parameters, classification_of, flag_of, refuse_sequences
from app.wire.oip_tensors import check_bytes

REQUEST_PARAMETERS = ("priority", "timeout", "binary_data_output", *SEQUENCES)
INPUT_PARAMETERS = ("binary_data_size",)
OUTPUT_PARAMETERS = ("binary_data", "classification")

REMEMBERED = 1024
LONGEST_REMEMBERED = 1024
"""So many heads of so many bytes at most are remembered: a client's differ in nothing but an id, if at all."""


@dataclass(frozen=True, slots=True)
class DeclaredInput:
    """An input: its values in `data`, or as the next `size` bytes after the JSON where that is not None."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    pointer: str
    size: int | None
    data: Any = None


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What the JSON declares; `outputs` is None where all are wanted, as bytes where `is_binary`."""

    inputs: tuple[DeclaredInput, ...]
    request_id: str
    parameters: Parameters
    outputs: Sequence[WantedOutput] | None
    is_binary: bool


def read_head(content: bytes) -> RequestHead:
    """What the JSON declares.

    Raises `BodyMalformed` where it cannot be read, `InputInvalid` where it says what cannot be.
    """
    asked = object_of(json_of(content), "the body")
    parameters = parameters_in(asked, "", REQUEST_PARAMETERS)
    refuse_sequences(parameters)
    is_binary = flag_of(parameters, "binary_data_output", "") or False
    outputs = asked.get("outputs")
    return RequestHead(
        _inputs(list_of(asked.get("inputs"), "inputs")),
        request_id_in(asked),
        parameters,
        None if outputs is None else _outputs(list_of(outputs, "outputs"), is_binary=is_binary),
        is_binary,
    )


remembered_head = lru_cache(REMEMBERED)(read_head)
"""`read_head` of what may come again: the same bytes say the same."""


def request_id_in(asked: Mapping[str, Any]) -> str:
    """The request's own id; raises `InputInvalid` for one that is no string."""
    given = asked.get("id", "")
    if not isinstance(given, str):
        raise InputInvalid.at("/id", "a string", type(given).__name__)
    return given


def _inputs(inputs: Sequence[Any]) -> tuple[DeclaredInput, ...]:
    """The inputs in their order; raises `InputInvalid`."""
    declared: dict[str, DeclaredInput] = {}
    for place, given in enumerate(inputs):
        tensor = object_of(given, f"/inputs/{place}")
        name = string_in(tensor, "name", f"/inputs/{place}")
        pointer = f"/inputs/{name[:64]}"
        if name in declared:
            raise InputInvalid.at(pointer, "each input once", "it twice")
        declared[name] = _input(name, tensor, pointer)
    return tuple(declared.values())


def _input(name: str, tensor: Mapping[str, Any], pointer: str) -> DeclaredInput:
    """One input; raises `InputInvalid` where its values are declared in no way or in two."""
    datatype, shape = string_in(tensor, "datatype", pointer), tuple(shape_of(tensor.get("shape"), pointer))
    size = parameters_in(tensor, pointer, INPUT_PARAMETERS).get("binary_data_size")
    if size is None:
        if "data" not in tensor:
            raise InputInvalid.at(pointer, "data, or a binary_data_size", "neither")
        return DeclaredInput(name, datatype, shape, pointer, None, tensor["data"])
    if "data" in tensor:
        raise InputInvalid.at(pointer, "data or a binary_data_size", "both")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise InputInvalid.at(f"{pointer}/parameters/binary_data_size", "a number of bytes", repr(size)[:64])
    check_bytes(size, datatype, shape, pointer)
    return DeclaredInput(name, datatype, shape, pointer, size)


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
