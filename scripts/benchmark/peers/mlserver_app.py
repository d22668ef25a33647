"""The sentiment model on MLServer: `mlserver start scripts/benchmark/peers/mlserver`, whose files name this module."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse
from numpy import array, float32

from scripts.benchmark.peers.model import SentimentModel


class Sentiment(MLModel):
    """Reads the batch that MLServer made of its callers' tensors."""

    async def load(self) -> bool:
        """Open the model."""
        self._model = SentimentModel()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Labels and scores (rows, 1) of the first input's texts."""
        readings = self._model.read(StringCodec.decode_input(payload.inputs[0]))
        labels = StringCodec.encode_output("label", [reading["label"] for reading in readings])
        scores = NumpyCodec.encode_output("score", array([[reading["score"]] for reading in readings], float32))
        return InferenceResponse(model_name=self.name, outputs=[labels, scores])
