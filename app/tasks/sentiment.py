"""A text's sentiment from one sigmoid output."""

from collections.abc import Sequence

from app.processing.classification import classify_binary
from app.processing.text import TextEncoder
from app.tasks.text import TextTask
from app.types import Classification, Signature, Tensors


class SentimentTask(TextTask):
    """Texts to `(negative, positive)` labels, with `neutral` inside the band where there is one."""

    def __init__(
        self,
        encoder: TextEncoder,
        signature: Signature,
        labels: Sequence[str],
        neutral_band: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(encoder, signature, labels)
        self._neutral_band = neutral_band

    def postprocess(self, outputs: Tensors) -> Sequence[Classification]:
        """Probabilities of the positive label (rows, 1) to labels."""
        positive = outputs[self._output].reshape(-1).tolist()
        return [classify_binary(value, self._labels, self._neutral_band) for value in positive]
