"""What a conversion gives."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.types import Signature, Tensors

Answers = Callable[[Tensors], Tensors]
"""Inputs by name to outputs by name, as the source computes them."""


@dataclass(frozen=True, slots=True)
class Parity:
    """The largest difference over `rows` rows; of outputs beyond 1, in parts of the largest one."""

    rows: int
    max_abs_diff: float


@dataclass(frozen=True, slots=True)
class Converted:
    """The signature that the files have, and how each runtime compares with the source, or why there is none.

    `probabilities` are the outputs that can be such, as far as rows made of the signature show.
    """

    signature: Signature
    parity: Mapping[str, Parity | str]
    probabilities: tuple[str, ...]

    def parity_object(self) -> dict[str, Any]:
        """The comparisons as JSON has them."""
        return {name: found if isinstance(found, str) else asdict(found) for name, found in self.parity.items()}
