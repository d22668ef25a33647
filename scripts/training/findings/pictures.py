"""Pictures of digits beyond the official test part."""

import io
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from app.evaluation.judged import Judged
from app.types import Array
from scripts.training.data.types import Split
from scripts.training.evaluation import accuracy_of
from scripts.training.rendered.suite import Pictures, rendered_suite

STRONGEST = 16
"""The ink of scikit-learn's digits goes from 0 to this."""


class Judge(Protocol):
    """Sends inputs with their targets (rows,) through the exported model as serving does."""

    def __call__(self, inputs: Sequence[Any] | Array, targets: Array, /) -> Judged:
        """The answers beside the targets."""


def picture_figures(names: Sequence[str], test: Split, judge: Judge) -> list[dict[str, Any]]:
    """For each of these sets, the accuracy in all and of each condition; `rendered` is made from the test part."""
    return [_figures(rendered_suite(test) if name == "rendered" else small_digits(), judge) for name in names]


def small_digits() -> Pictures:
    """The 1,797 digits of 8×8 pixels that come with scikit-learn (Alpaydin, Kaynak 1998), dark on light PNG files."""
    digits = load_digits()
    levels = 255 - (digits.images * (255 / STRONGEST)).astype(np.uint8)
    return Pictures(
        "load_digits", [_png(image) for image in levels], digits.target.astype(np.int64), ["8×8"] * len(levels)
    )


def _png(image: Array) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="PNG")
    return file.getvalue()


def _figures(pictures: Pictures, judge: Judge) -> dict[str, Any]:
    is_right = judge(pictures.inputs, pictures.targets).is_right
    conditions = np.array(pictures.conditions)
    return {
        "name": pictures.name,
        "accuracy": accuracy_of(is_right),
        "conditions": [
            {"name": name, **accuracy_of(is_right[conditions == name])} for name in dict.fromkeys(pictures.conditions)
        ],
    }
