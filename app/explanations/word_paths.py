"""The straight path from padding to a text: what is looked up for its words grows from the padding's to their own."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.errors import InputInvalid
from app.explanations.occlusion import PARTS
from app.explanations.paths import shares_of
from app.inference.runtimes.gradients import SHARE
from app.processing.text import TextEncoder, Token, padded
from app.types import Array, Tensors

DEFAULT_WORD_STEPS = 16
"""Enough for sums that are off by less than 1 %: along vectors there are none of the kinks that pictures meet."""

LIMITS = (
    "The path is the straight one from the vectors of padding to those of the words, in a text of the same length. "
    "Runs of words that have a weight of their own share it evenly. The steps approximate an integral: sum and "
    "difference say how well."
)
WORDS = "tokens"
"""What the gradients are along, where there is one input only."""


class WordPath(NamedTuple):
    """A text's tokens, its ids (1, length), and the same ids for every step, beside how far each has come."""

    text: str
    tokens: list[Token]
    whole: Tensors
    elements: int
    steps: int
    tensors: Tensors

    @classmethod
    def of(cls, text: str, encoder: TextEncoder, name: str, elements: int, steps: int) -> "WordPath":
        """The rows for one text, for a model with so many `elements` in a row of its output."""
        tokens = encoder.tokens(text)
        ids = [number for token in tokens for number in token.ids]
        whole = {name: padded([ids], encoder.bucket_of(len(ids)))}
        rows = {name: np.repeat(whole[name], PARTS + steps, axis=0), SHARE: shares_of(steps).astype(np.float32)}
        return cls(text, tokens, whole, elements, steps, rows)

    @property
    def limits(self) -> str:
        """What the shares cannot say."""
        return LIMITS

    def unpacked(self, numbers: Array) -> tuple[Array, Mapping[str, Array]]:
        """The output's values (2 + steps, elements), and the gradients along every lookup, in what the runtime gave."""
        return numbers[:, : self.elements], {WORDS: numbers[:, self.elements :]}

    def contributions(self, gradients: Mapping[str, Array], slopes: Array) -> dict[str, Array]:
        """Each token's share (tokens,); raises `InputInvalid` where the lookups are not one for each position, alone or
        with the runs of up to three tokens after them.
        """
        (ids,) = self.whole.values()
        weights = slopes[PARTS:] / self.steps
        lookups = np.tensordot(weights, gradients[WORDS][PARTS:].astype(np.float64), axes=1)
        of_positions = _by_position(lookups, ids.shape[1])
        edges = np.cumsum([0, *(len(token.ids) for token in self.tokens)])
        first = ids.shape[1] - edges[-1]
        shares = [of_positions[first + start : first + stop].sum() for start, stop in pairwise(edges)]
        return {WORDS: np.array(shares)}


def _by_position(lookups: Array, length: int) -> Array:
    """The shares of positions (length,), of those of lookups: a run's is its positions' in equal parts."""
    runs = [(1, length), (1, length), (2, length - 1), (3, length - 2)]
    if len(lookups) == length:
        del runs[1:]
    elif len(lookups) != sum(count for _, count in runs):
        expected = "a model that looks up every word once, or its runs of up to three words too"
        raise InputInvalid.at("", expected, f"{len(lookups)} lookups for {length} positions; ask for ?method=occlusion")
    shares, start = np.zeros(length), 0
    for size, count in runs:
        for offset in range(size):
            shares[offset : offset + count] += lookups[start : start + count] / size
        start += count
    return shares
