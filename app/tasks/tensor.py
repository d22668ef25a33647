"""Any model: tensors in, tensors out; of one with labels, the class too."""

from collections.abc import Sequence

from app.processing.classification import classify, classify_binary
from app.types import Array, Classification, Rows, Signature, TensorRow, Tensors


class TensorTask:
    """Passes tensors through; what the numbers mean is the caller's business, unless `labels` name an output's."""

    def __init__(self, signature: Signature, labels: Sequence[str] = ()) -> None:
        self._outputs = [spec.name for spec in signature.outputs]
        self._labels = labels
        self._labelled = labelled_output(signature, labels)
        self.label_key: str | None = "label" if self._labelled else None

    def preprocess(self, inputs: Sequence[Tensors]) -> Rows:
        """The one set of tensors that a request brings, already checked against the signature."""
        (tensors,) = inputs
        return Rows((tensors,))

    def postprocess(self, outputs: Tensors) -> Sequence[TensorRow]:
        """Every output, row by row, as nested lists, and the row's class where there are labels."""
        columns = {name: outputs[name].tolist() for name in self._outputs}
        rows = len(next(iter(columns.values())))
        told: list[TensorRow] = [
            {"outputs": {name: column[row] for name, column in columns.items()}} for row in range(rows)
        ]
        if self._labelled is None:
            return told
        classes = [_classified(row, self._labels) for row in outputs[self._labelled]]
        return [{**one, **row} for one, row in zip(classes, told, strict=True)]


def labelled_output(signature: Signature, labels: Sequence[str]) -> str | None:
    """The first output (rows, classes) of floating-point numbers that has as many classes as there are labels.

    One number a row is the probability of the second of two labels. None where no output is of that form.
    """
    for spec in signature.outputs:
        is_matrix = len(spec.shape) == 2 and spec.dtype.startswith("float")
        if labels and is_matrix and (spec.shape[1] == len(labels) or (spec.shape[1] == 1 and len(labels) == 2)):
            return spec.name
    return None


def _classified(row: Array, labels: Sequence[str]) -> Classification:
    """The class of one row (classes,)."""
    return classify(row, labels) if len(row) == len(labels) else classify_binary(float(row[0]), labels, None)
