"""The sentiment model on mosec: `python -m scripts.benchmark.peers.mosec_app --port 8000`."""

from typing import Any

from mosec import Server, Worker

from scripts.benchmark.peers.model import MAX_BATCH_ROWS, MAX_WAIT_SECONDS, SentimentModel
from scripts.benchmark.peers.tokens import Reading


class Sentiment(Worker):
    """Reads a batch of bodies, which mosec's Rust side has gathered."""

    def __init__(self) -> None:
        super().__init__()
        self._model = SentimentModel()

    def forward(self, data: list[dict[str, Any]]) -> list[Reading]:
        """One reading per body."""
        return self._model.read([body["text"] for body in data])


if __name__ == "__main__":
    server = Server()
    server.append_worker(Sentiment, num=1, max_batch_size=MAX_BATCH_ROWS, max_wait_time=int(1000 * MAX_WAIT_SECONDS))
    server.run()
