"""Targets for a student: what a row's label says, and what its teachers think of it, side by side.

Such a target is (rows, 2 × labels) float32: one-hot label, then the teachers' probabilities, also where the model has
one output for two labels. Validation keeps its plain targets, so that losses of runs with and without teachers compare.
"""

from collections.abc import Callable, Sequence

import numpy as np

from app.types import Array
from scripts.training.batches import Label
from scripts.training.crops import Crops
from scripts.training.examples import Material
from scripts.training.methods.text_parts import TextParts

Opinion = Callable[[Sequence[object]], Array]
"""Probabilities (rows, labels) of texts, or of pictures (28, 28) from 0 to 1."""


def side_by_side(targets: Array, probabilities: Array) -> Array:
    """Plain targets, (rows,) or (rows, 1), and probabilities (rows, labels) as (rows, 2 × labels) float32."""
    one_hot = np.eye(probabilities.shape[1], dtype=np.float32)[targets.reshape(-1).astype(np.int64)]
    return np.hstack([one_hot, probabilities.astype(np.float32)])


def label_whole(material: Material, probabilities: Array) -> Label:
    """Each row has the targets that its teachers gave once, whatever part of it is read."""
    targets = side_by_side(material.training.targets, probabilities)
    return lambda rows, _crops, _inputs: targets[rows]


def label_same(material: Material, keep: str, ask: Opinion) -> Label:
    """Each batch has the targets that its teachers give to the very part or picture that the student sees.

    `keep` is the end of long texts that the recipe keeps.
    """
    plain = material.training.targets
    if material.tokenizer is None:
        return lambda rows, _crops, inputs: side_by_side(plain[rows], ask(list(inputs[..., 0])))
    texts = [str(text) for text in material.parts.training.inputs]
    parts = TextParts(texts, material.tokenizer, material.training.inputs.shape[1], keep)

    def label(rows: Array, crops: Crops | None, inputs: Array) -> Array:
        if crops is None:
            raise TypeError(f"expected the crops of {len(inputs)} texts; received none")
        return side_by_side(plain[rows], ask(parts.take(rows, crops)))

    return label
