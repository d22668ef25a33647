"""A handwritten digit from a picture."""

from collections.abc import Sequence

import numpy as np

from app.errors import RequestInvalid
from app.processing.classification import rounded
from app.processing.image import decode_grey, to_digit
from app.processing.mnist import SIDE
from app.types import Array, DigitReading, Rows, Signature, Tensors


class DigitTask:
    """Image files, or MNIST-like pixels (28, 28) from 0 to 1, to digits."""

    label_key = "digit"

    def __init__(self, signature: Signature) -> None:
        self._input = signature.inputs[0].name
        self._output = signature.outputs[0].name

    def preprocess(self, inputs: Sequence[bytes | Array]) -> Rows:
        """Pictures to (rows, 28, 28, 1) float32, ink 1 on 0; the error of one among many says which it was."""
        rows = np.empty((len(inputs), SIDE, SIDE, 1), np.float32)
        for number, picture in enumerate(inputs, 1):
            try:
                rows[number - 1, ..., 0] = to_digit(decode_grey(picture)) if isinstance(picture, bytes) else picture
            except RequestInvalid as error:
                if len(inputs) == 1:
                    raise
                raise type(error)(f"image {number} of {len(inputs)}: {error}", error.faults) from error
        return Rows(({self._input: rows},))

    def postprocess(self, outputs: Tensors) -> Sequence[DigitReading]:
        """Probabilities (rows, 10) to digits."""
        probabilities = outputs[self._output]
        digits = probabilities.argmax(axis=1).tolist()
        return [
            {"digit": digit, "score": rounded(row[digit]), "probabilities": [rounded(value) for value in row]}
            for digit, row in zip(digits, probabilities.tolist(), strict=True)
        ]
