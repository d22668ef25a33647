"""A text's class from a softmax output."""

from collections.abc import Sequence

from app.processing.classification import classify
from app.tasks.text import TextTask
from app.types import Classification, Tensors


class TopicTask(TextTask):
    """Texts to one of the manifest's labels."""

    def postprocess(self, outputs: Tensors) -> Sequence[Classification]:
        """Probabilities (rows, labels) to labels."""
        return [classify(row, self._labels) for row in outputs[self._output]]
