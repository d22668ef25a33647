"""Tensors on KServe's Python server: `python -m scripts.benchmark.peers.kserve_app PORT`."""

import sys
from typing import Any
from uuid import uuid4

from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

from scripts.benchmark.peers.tensors import TensorModel


class Tensors(Model):
    """Answers each request by itself: the Python server does not batch."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._model = TensorModel()
        self.ready = True

    async def predict(self, payload: InferRequest, headers: Any = None, response_headers: Any = None) -> InferResponse:
        """The output for the first input."""
        del headers, response_headers
        array = self._model.run(payload.inputs[0].as_numpy())
        output = InferOutput(self._model.output, list(array.shape), "FP32")
        output.set_data_from_numpy(array, binary_data=payload.use_binary_outputs)
        return InferResponse(payload.id or str(uuid4()), self.name, [output])


if __name__ == "__main__":
    ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1, access_log_format=None).start(
        [Tensors("small")]
    )
