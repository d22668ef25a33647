"""Tensors on MLServer: `mlserver start scripts/benchmark/peers/mlserver_tensors`, whose files name this module."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from scripts.benchmark.peers.tensors import TensorModel


class Tensors(MLModel):
    """Answers each request by itself, which is MLServer's default, and the quickest for a model that does nothing."""

    async def load(self) -> bool:
        """Open the model."""
        self._model = TensorModel()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """The output for the first input."""
        array = self._model.run(NumpyCodec.decode_input(payload.inputs[0]))
        output = NumpyCodec.encode_output(self._model.output, array)
        return InferenceResponse(model_name=self.name, outputs=[output])
