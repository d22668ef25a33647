"""A request that is nothing but the bytes of one tensor: the raw binary request of Triton's HTTP server.

After triton-inference-server/server, src/http_server.cc and qa/L0_http/http_test.py (test_raw_binary, test_byte).
"""

import math
from collections.abc import Sequence

from app.errors import InputInvalid
from app.types import TensorSpec
from app.wire.oip_request import InferRequest
from app.wire.oip_tensors import DATATYPES, DTYPES, array_of_bytes, objects


def raw_request(body: bytes | memoryview, inputs: Sequence[TensorSpec]) -> InferRequest:
    """A body that is nothing but the one row of a model's one input; a string is the body, without a length.

    Raises `InputInvalid` where the model has more inputs or its row another size.
    """
    if len(inputs) != 1:
        raise InputInvalid.at("/inputs", f"JSON for the {len(inputs)} inputs of the model", "one raw tensor")
    spec, pointer = inputs[0], f"/inputs/{inputs[0].name}"
    free = [place for place, size in enumerate(spec.shape) if size is None and place]
    shape = [1, *(1 if size is None else size for size in spec.shape[1:])]
    if spec.dtype == "string":
        if math.prod(shape) != 1:
            raise InputInvalid.at(pointer, "JSON for a row of more than one string", "one raw tensor")
        return InferRequest({spec.name: objects([bytes(body)], shape)}, is_binary=True)
    if len(free) > 1:
        raise InputInvalid.at(pointer, "a shape, as JSON: the model leaves several sizes open", "one raw tensor")
    datatype = DATATYPES[spec.dtype]
    if free:
        shape[free[0]] = len(body) // max(1, math.prod(shape) * DTYPES[datatype].itemsize)
    return InferRequest({spec.name: array_of_bytes(body, datatype, shape, pointer)}, is_binary=True)
