"""`inference.GRPCInferenceService`: the Open Inference Protocol, with those of Triton's extensions that work here."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from app.grpc.call import Call
from app.grpc.inference import Models, version_of
from app.grpc.methods import Answering, Stream, Unary, route_of
from app.grpc.status import Refusal
from app.grpc.streaming import OpenStreams
from app.wire.oip_messages import outputs_of, parameters_of, response_of, tensors_of
from app.wire.oip_outputs import output_of, wanted_outputs
from app.wire.oip_parameters import priority_of, refuse_sequences, timeout_of
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
        names = [spec.name for spec in model.signature.outputs]
        wanted = wanted_outputs(outputs_of(request), names, is_binary=True)
        inference = await self._models.infer(asked, tensors_of(request))
        outputs = {output.name: output_of(output, inference, model.manifest.labels) for output in wanted}
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
