"""What the gradients along a path sum up to: each number's share of an output, on one scale or on two."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from app.errors import InferenceFailed, InputInvalid
from app.explanations.occlusion import PARTS
from app.explanations.patches import GRID_DECIMALS, PICTURE_DECIMALS
from app.explanations.paths import SOURCE, StraightPath
from app.explanations.rounding import decimals_of, rounded
from app.explanations.scores import Scores, probabilities_of, scores_of
from app.explanations.targets import Target
from app.explanations.wish import INTEGRATED_GRADIENTS
from app.explanations.word_paths import WORDS, WordPath
from app.explanations.words import words_told
from app.types import Array

Shares = Mapping[str, Array]
"""Of each input that is scaled, what each of its numbers contributes, shaped as one row."""


class Scale(NamedTuple):
    """The scores along the path, and what each number of the inputs contributes to them."""

    scores: Scores
    shares: Shares

    def told(self) -> dict[str, float]:
        """The scores, and what the contributions sum to."""
        return self.scores.added_up(float(sum(share.sum() for share in self.shares.values())))


class Integral(NamedTuple):
    """One `element` of the target's output, explained as it is and, where it is a class, in log-odds."""

    path: StraightPath | WordPath
    target: Target
    element: int
    own: Scale
    log_odds: Scale | None

    @classmethod
    def of(cls, path: StraightPath | WordPath, target: Target, element: int, numbers: Array) -> "Integral":
        """Sum up what the runtime gave for the path; raises `InferenceFailed` for NaN and infinity, and
        `InputInvalid` where the output has no gradients.
        """
        if not np.isfinite(numbers).all():
            raise InferenceFailed("the model gave NaN or infinity, or gradients that are")
        values, gradients = path.unpacked(numbers)
        scores, log_odds = _scores(target, values, element)
        differentiated = log_odds or scores
        if np.ptp(differentiated.of_rows) and not any(gradient.any() for gradient in gradients.values()):
            expected = f"an output {target.name!r} that depends smoothly on the inputs"
            raise InputInvalid.at("", expected, "one that changes without a gradient, as rounded numbers do")
        shares = path.contributions(gradients, np.ones(len(values)))
        if log_odds is None:
            return cls(path, target, element, Scale(scores, shares), None)
        # Along its log-odds a probability p grows by p·(1 − p).
        slopes = scores.of_rows * (1 - scores.of_rows)
        own = Scale(scores, path.contributions(gradients, slopes))
        return cls(path, target, element, own, Scale(log_odds, shares))

    def told(self, *, is_picture: bool) -> dict[str, Any]:
        """What the answer says: of a text its words, of a digit the picture, of other models each input's numbers."""
        explained = self.target.classes[self.element] if self.target.classes else self.element
        if isinstance(self.path, WordPath):
            return {**self._told(), "explained": explained, **self._words_told(self.path)}
        if is_picture:
            return {**self._told(), "explained": self.element, **self._picture_told(self.path)}
        return {**self._told(), "explained": explained, "output": self.target.name, **self._tensors_told()}

    def _words_told(self, path: WordPath) -> dict[str, Any]:
        """Each word's shares."""
        own, log_odds = (scale.shares[WORDS] for _, scale in self._named_scales())
        return words_told(path.text, [[token] for token in path.tokens], own, log_odds)

    def _picture_told(self, path: StraightPath) -> dict[str, Any]:
        """The picture, and each pixel's shares."""
        (name,) = path.scaled
        picture = path.whole[name][0, ..., 0].astype(np.float64)
        grids = {field: rounded(scale.shares[name][..., 0], GRID_DECIMALS) for field, scale in self._named_scales()}
        return {"picture": rounded(picture, PICTURE_DECIMALS), **grids}

    def _tensors_told(self) -> dict[str, Any]:
        """The shares of each input's numbers, by its name."""
        return {
            field: {name: rounded(share, decimals_of(share)) for name, share in scale.shares.items()}
            for field, scale in self._named_scales()
        }

    def _named_scales(self) -> list[tuple[str, Scale]]:
        """The scales, each by the name that its shares have in an answer."""
        named = [("contributions", self.own), ("log_odds_contributions", self.log_odds)]
        return [(field, scale) for field, scale in named if scale is not None]

    def _told(self) -> dict[str, Any]:
        """What every answer has: the scores, and how they were found."""
        return {
            **self.own.told(),
            **({} if self.log_odds is None else {"log_odds": self.log_odds.told()}),
            "method": {
                "name": INTEGRATED_GRADIENTS,
                "steps": self.path.steps,
                "rows": PARTS + self.path.steps,
                "source": SOURCE,
                "limits": self.path.limits,
            },
        }


def _scores(target: Target, values: Array, element: int) -> tuple[Scores, Scores | None]:
    """The explained number in every row, and of a class its log-odds, whose gradients have been asked for."""
    if target.classes:
        return scores_of(probabilities_of(values), element)
    numbers = values[:, element].astype(np.float64)
    return Scores(numbers, decimals_of(numbers)), None
