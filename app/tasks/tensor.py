"""Any model: tensors in, tensors out."""

from collections.abc import Sequence

from app.types import Rows, Signature, TensorRow, Tensors


class TensorTask:
    """Passes tensors through; what the numbers mean is the caller's business."""

    label_key = None

    def __init__(self, signature: Signature) -> None:
        self._outputs = [spec.name for spec in signature.outputs]

    def preprocess(self, inputs: Sequence[Tensors]) -> Rows:
        """The one set of tensors that a request brings, already checked against the signature."""
        (tensors,) = inputs
        return Rows((tensors,))

    def postprocess(self, outputs: Tensors) -> Sequence[TensorRow]:
        """Every output, row by row, as nested lists."""
        columns = {name: outputs[name].tolist() for name in self._outputs}
        rows = len(next(iter(columns.values())))
        return [{"outputs": {name: column[row] for name, column in columns.items()}} for row in range(rows)]
