"""An inference request of the Open Inference Protocol over HTTP: JSON, or JSON with binary tensors behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.types import Array
from app.wire.json_tensors import refuse_overflow
from app.wire.oip_binary import Tail
from app.wire.oip_head import LONGEST_REMEMBERED, read_head, remembered_head
from app.wire.oip_outputs import WantedOutput
from app.wire.oip_parameters import Parameters
from app.wire.oip_values import array_of_values


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
    content = bytes(body if header_length is None else body[:header_length])
    is_short = header_length is not None and header_length <= LONGEST_REMEMBERED
    head = remembered_head(content) if is_short else read_head(content)
    tail = Tail(memoryview(body)[len(content) :])
    tensors, written = {}, []
    for given in head.inputs:
        if given.size is None:
            array = array_of_values(given.data, given.datatype, given.shape, given.pointer)
            written.append(array)
        else:
            array = tail.take(given.size, given.datatype, given.shape, given.pointer)
        tensors[given.name] = array
    tail.finish()
    if written:
        refuse_overflow(written, content, "/inputs")
    return InferRequest(tensors, head.request_id, head.parameters, head.outputs, head.is_binary)
