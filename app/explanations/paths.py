"""The straight path from nothing to an input, along which gradients are summed up."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from app.errors import InputInvalid
from app.explanations.occlusion import PARTS
from app.inference.runtimes.gradients import differentiable, unpacked
from app.types import Array, Signature, Tensors

DEFAULT_STEPS = 64
"""With 32, one digit in ten is off by more than 3.5 % of the log-odds that its pixels should sum to; with 64, 1.5 %."""

MOST_STEPS = 256
MOST_NUMBERS = 2**24
"""In the tensors of a whole path: 64 MiB of float32, so that one request cannot fill the memory."""

SOURCE = "Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks, ICML 2017, arXiv:1703.01365"
LIMITS = (
    "The path is the straight one from zeros, of a picture the empty one: what is 0 gets no share, and from another "
    "baseline the shares are others. The steps approximate an integral: sum and difference say how well."
)


class StraightPath(NamedTuple):
    """An input (1, …), and the rows of it: whole, all zeros, and the middle of each step between; (2 + steps, …) each.

    Only numbers with a point are scaled; whole numbers, truth values and strings stay as they are in every row.
    """

    whole: Tensors
    scaled: tuple[str, ...]
    steps: int
    tensors: Tensors

    @classmethod
    def of(cls, whole: Tensors, signature: Signature, steps: int) -> "StraightPath":
        """The rows for one input; raises `InputInvalid` where there would be too many numbers in them."""
        rows, numbers = steps + PARTS, sum(array.size for array in whole.values())
        if rows * numbers > MOST_NUMBERS:
            expected = f"at most {MOST_NUMBERS:,} numbers on the whole path; ask for fewer ?steps"
            raise InputInvalid.at("", expected, f"{rows:,} rows of {numbers:,}")
        shares = shares_of(steps)
        scaled = tuple(differentiable(signature))
        tensors = {
            name: _scaled(array, shares) if name in scaled else np.repeat(array, rows, axis=0)
            for name, array in whole.items()
        }
        return cls(whole, scaled, steps, tensors)

    @property
    def limits(self) -> str:
        """What the shares cannot say."""
        return LIMITS

    def unpacked(self, numbers: Array) -> tuple[Array, Mapping[str, Array]]:
        """The output's values (2 + steps, elements), and the gradients, in what the runtime gave."""
        return unpacked(numbers, {name: self.whole[name].shape[1:] for name in self.scaled})

    def contributions(self, gradients: Mapping[str, Array], slopes: Array) -> dict[str, Array]:
        """Each number's share, shaped as one row: its value times the mean over the steps of the gradient along it.

        `gradients` are those of some scale (2 + steps, …), `slopes` (2 + steps,) that of the wanted scale along it.
        """
        weights = slopes[PARTS:] / self.steps
        return {
            name: self.whole[name][0] * np.tensordot(weights, gradients[name][PARTS:].astype(np.float64), axes=1)
            for name in self.scaled
        }


def shares_of(steps: int) -> Array:
    """How far the rows of a path have come, (2 + steps,): all the way, none of it, and to the middle of each step."""
    return np.concatenate([[1.0, 0.0], (np.arange(steps) + 0.5) / steps])


def _scaled(array: Array, shares: Array) -> Array:
    """One row (1, …) as (shares, …)."""
    return (shares.reshape(-1, *[1] * (array.ndim - 1)) * array).astype(array.dtype)
