"""The sentiment model on LitServe: `python -m scripts.benchmark.peers.litserve_app PORT`."""

import sys
from typing import Any

import litserve

from scripts.benchmark.peers.model import MAX_BATCH_ROWS, MAX_WAIT_SECONDS, SentimentModel
from scripts.benchmark.peers.tokens import Reading


class SentimentApi(litserve.LitAPI):
    """The steps that LitServe calls, each once per request but `predict`, which takes a batch."""

    def setup(self, device: str) -> None:
        """Open the model in the worker process."""
        del device
        self._model = SentimentModel()

    def decode_request(self, request: dict[str, Any]) -> str:
        """A body's text."""
        text: str = request["text"]
        return text

    def batch(self, inputs: list[str]) -> list[str]:
        """The batch is the list."""
        return inputs

    def predict(self, x: list[str]) -> list[Reading]:
        """One reading per text."""
        return self._model.read(x)

    def unbatch(self, output: list[Reading]) -> list[Reading]:
        """The list is the batch."""
        return output

    def encode_response(self, output: Reading) -> Reading:
        """A reading is JSON already."""
        return output


if __name__ == "__main__":
    api = SentimentApi(max_batch_size=MAX_BATCH_ROWS, batch_timeout=MAX_WAIT_SECONDS)
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), num_api_servers=1, generate_client_file=False)
