"""The answer of the Open Inference Protocol over HTTP: JSON, and the bytes of the outputs that are wanted as bytes.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, and
triton-inference-server/server, docs/protocol/extension_binary_data.md.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from app.types import Inference
from app.wire.oip_binary import Chunk, chunk_of
from app.wire.oip_outputs import output_of, wanted_outputs
from app.wire.oip_request import InferRequest
from app.wire.oip_tensors import datatype_of
from app.wire.oip_values import values_of_array


class Written(NamedTuple):
    """A body in chunks; the first is the JSON, and `header_length` its bytes where others follow, else None."""

    chunks: Sequence[Chunk]
    header_length: int | None

    @property
    def size_bytes(self) -> int:
        """The length of the body."""
        return sum(map(len, self.chunks))


def write_response(inference: Inference, request: InferRequest, labels: Sequence[str]) -> Written:
    """What a request wanted of an inference; `labels` name the classes of a classification.

    Raises `InputInvalid` for an output that the model does not give, or that cannot be told as it is wanted.
    """
    outputs: list[dict[str, Any]] = []
    chunks: list[Chunk] = [b""]
    for wanted in wanted_outputs(request.outputs, inference.outputs, is_binary=request.is_binary):
        array = output_of(wanted, inference, labels)
        output: dict[str, Any] = {"name": wanted.name, "datatype": datatype_of(array), "shape": array.shape}
        if wanted.is_binary:
            chunks.append(chunk_of(array))
            output["parameters"] = {"binary_data_size": len(chunks[-1])}
        else:
            output["data"] = values_of_array(array, wanted.name)
        outputs.append(output)
    named = {"model_name": inference.model, "model_version": str(inference.version)}
    own = {"id": request.request_id} if request.request_id else {}
    chunks[0] = to_json({**named, **own, "outputs": outputs}, inf_nan_mode="constants")
    return Written(chunks, len(chunks[0]) if len(chunks) > 1 else None)
