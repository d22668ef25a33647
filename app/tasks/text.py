"""What the text tasks share: texts in, one row of ids each, rows of one length together."""

from collections.abc import Sequence

from app.processing.text import TextEncoder
from app.types import Rows, Signature


class TextTask:
    """Encodes texts for a model of one input and one output; its children say what the output means."""

    label_key = "label"

    def __init__(self, encoder: TextEncoder, signature: Signature, labels: Sequence[str]) -> None:
        self.encoder = encoder
        self._input = signature.inputs[0].name
        self._output = signature.outputs[0].name
        self._labels = labels

    def preprocess(self, inputs: Sequence[str]) -> Rows:
        """Texts to ids (rows, length) int32, a group for each length."""
        return self.encoder.encode(inputs, self._input)
