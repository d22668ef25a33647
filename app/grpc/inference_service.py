"""`inference.GRPCInferenceService`: the Open Inference Protocol, with those of Triton's extensions that work here."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from app.errors import InputInvalid
from app.grpc.call import Call
from app.grpc.inference import Models, version_of
from app.grpc.methods import Answering, Stream, Unary, route_of
from app.grpc.status import Refusal
from app.grpc.streaming import OpenStreams
from app.lifecycle.served_model import ServedModel
from app.nearest import nearest_hint
from app.types import Array, Inference
from app.wire.oip_classification import classes_of
from app.wire.oip_messages import parameters_of, response_of, tensors_of
from app.wire.oip_parameters import classification_of, priority_of, refuse_sequences, timeout_of
from app.wire.protos.inference_pb2 import ModelInferRequest, ModelInferResponse, ModelStreamInferResponse

SERVICE = "inference.GRPCInferenceService"
STREAM = "ModelStreamInfer"

FINAL_ASKED, FINAL = "triton_enable_empty_final_response", "triton_final_response"


class InferenceService:
    """`ModelInfer` and `ModelStreamInfer`."""

    def __init__(self, models: Models, answering: Answering, open_streams: OpenStreams) -> None:
        self._models = models
        self._answering = answering
        self._open_streams = open_streams

    def unary(self) -> Mapping[str, Unary]:
        """The methods of one answer."""
        return {"ModelInfer": self.model_infer}

    def streams(self) -> Mapping[str, Stream]:
        """The methods whose answers stream."""
        return {STREAM: self.model_stream_infer}

    async def model_infer(self, request: ModelInferRequest, call: Call) -> ModelInferResponse:
        """One request; raises what `Models.infer` raises, and `InputInvalid` for what it asks besides."""
        model = self._models.find(call, request.model_name, version_of(request.model_version))
        parameters = parameters_of(request.parameters)
        refuse_sequences(parameters)
        asked = self._models.ask(call, model, timeout_of(parameters), priority_of(parameters))
        requested = _requested(request, model)
        inference = await self._models.infer(asked, tensors_of(request))
        outputs = {name: _output(inference, name, classes, model) for name, classes in requested.items()}
        response = response_of(inference, outputs, request.id)
        if parameters.get(FINAL_ASKED):
            response.parameters[FINAL].bool_param = True
        return response

    async def model_stream_infer(self, requests: AsyncIterator[ModelInferRequest], context: Any) -> AsyncIterator[Any]:
        """Each request's answer, in the order of the requests, which run side by side; an error ends no stream."""

        async def answer(request: ModelInferRequest) -> ModelStreamInferResponse:
            return await self._streamed(request, context)

        async for response in self._open_streams.in_order(requests, answer):
            yield response

    async def _streamed(self, request: ModelInferRequest, context: Any) -> ModelStreamInferResponse:
        """One answer of a stream, which tells an error in words."""
        answer = await self._answering.answer(self.model_infer, route_of(SERVICE, STREAM), request, context)
        if isinstance(answer, Refusal):
            return ModelStreamInferResponse(
                error_message=answer.detail, infer_response=ModelInferResponse(id=request.id)
            )
        return ModelStreamInferResponse(infer_response=answer)


def _requested(request: ModelInferRequest, model: ServedModel) -> dict[str, int | None]:
    """The outputs that the request asks for, all of them where it names none, and of how many classes each.

    Raises `InputInvalid`.
    """
    names = [spec.name for spec in model.signature.outputs]
    requested: dict[str, int | None] = {}
    for asked in request.outputs:
        pointer = f"/outputs/{asked.name[:64]}"
        if asked.name not in names:
            hint = nearest_hint(asked.name[:64], names)
            raise InputInvalid.at(pointer, f"one of the outputs {', '.join(names)}{hint}", "another")
        requested[asked.name] = classification_of(parameters_of(asked.parameters), pointer)
    return requested or dict.fromkeys(names)


def _output(inference: Inference, name: str, classes: int | None, model: ServedModel) -> Array:
    """One output, or its likeliest classes."""
    array = inference.outputs[name]
    return array if classes is None else classes_of(array, classes, model.manifest.labels, f"/outputs/{name}")
