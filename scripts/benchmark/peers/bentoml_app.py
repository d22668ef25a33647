"""The sentiment model on BentoML: `bentoml serve scripts.benchmark.peers.bentoml_app:Sentiment`."""

import bentoml

from scripts.benchmark.peers.model import MAX_BATCH_ROWS, SentimentModel
from scripts.benchmark.peers.tokens import Reading

MAX_LATENCY_MS = 1000
"""BentoML chooses its own wait and drops what would take longer than this."""


@bentoml.service(workers=1, traffic={"timeout": 30})
class Sentiment:
    """A service whose one route batches the texts of several callers."""

    def __init__(self) -> None:
        self._model = SentimentModel()

    @bentoml.api(route="/read", batchable=True, max_batch_size=MAX_BATCH_ROWS, max_latency_ms=MAX_LATENCY_MS)
    def read(self, text: list[str]) -> list[Reading]:
        """One reading per text."""
        return self._model.read(text)
