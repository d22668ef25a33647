"""What the kinds of inputs have in common: an input with its parts left out, and what is told of them afterwards."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.types import Array, Tensors

WHOLE, NOTHING, PARTS = 0, 1, 2
"""Where the rows stand: the input as it came, then nothing of it, then the input without each of its parts."""


class Occlusion(Protocol):
    """One input with each of its parts left out."""

    @property
    def tensors(self) -> Tensors:
        """The model's rows, (2 + parts, …), in the order of `WHOLE`, `NOTHING` and `PARTS`."""

    def contributions(self, drops: Array) -> Array:
        """What each word or pixel contributed, from what the score lost without each part (parts,)."""

    def told(self, contributions: Array, log_odds: Array) -> Mapping[str, Any]:
        """The contributions to the probability and to its log-odds, and what they belong to, as the answer has them."""
