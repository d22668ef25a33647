"""What a caller wants explained and how, and what comes of it."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from app.types import Inference

Method = Literal["occlusion", "integrated_gradients"]
OCCLUSION: Method = "occlusion"
INTEGRATED_GRADIENTS: Method = "integrated_gradients"
METHODS: tuple[Method, ...] = (OCCLUSION, INTEGRATED_GRADIENTS)


class Wish(NamedTuple):
    """Another class, or number of an output, than the predicted one, and by which method.

    `bound` is what the caller allows it: by occlusion the most rows of the model, by integrated gradients the steps.
    """

    class_name: str | None = None
    method: Method = OCCLUSION
    bound: int | None = None


class Explained(NamedTuple):
    """An explanation, and the run that it is made from."""

    content: Mapping[str, Any]
    inference: Inference
