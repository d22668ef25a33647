"""The sentiment model on Ray Serve: `python -m scripts.benchmark.peers.ray_app PORT`."""

import sys

import ray
from ray import serve
from starlette.requests import Request

from scripts.benchmark.peers.model import MAX_BATCH_ROWS, MAX_WAIT_SECONDS, SentimentModel
from scripts.benchmark.peers.tokens import Reading


class Sentiment:
    """One replica, which gathers the texts of its callers."""

    def __init__(self) -> None:
        self._model = SentimentModel()

    @serve.batch(max_batch_size=MAX_BATCH_ROWS, batch_wait_timeout_s=MAX_WAIT_SECONDS)
    async def read(self, texts: list[str]) -> list[Reading]:
        """One reading per text."""
        return self._model.read(texts)

    async def __call__(self, request: Request) -> Reading:
        """One body's reading."""
        reading: Reading = await self.read((await request.json())["text"])
        return reading


if __name__ == "__main__":
    ray.init(include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    replica = serve.deployment(num_replicas=1, max_ongoing_requests=256)(Sentiment)
    serve.run(replica.bind(), blocking=True)
