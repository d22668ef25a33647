"""Pictures of 28×28: each patch is painted over with the background."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from app.explanations.occlusion import NOTHING, PARTS
from app.explanations.rounding import rounded
from app.explanations.wish import OCCLUSION
from app.processing.mnist import SIDE
from app.types import Array, Tensors

DEFAULT_ROWS = 171
"""Enough for every patch of the finest grid; most pictures need half, since patches without ink change nothing."""

SOURCE = "Zeiler, Fergus: Visualizing and Understanding Convolutional Networks, ECCV 2014, arXiv:1311.2901"
LIMITS = (
    "Only ink can matter: a gap that tells one digit from another gets no share. A share is the mean over the patches "
    "that cover a pixel, so that it is blurred by a patch's size. The baseline is the empty picture."
)

PICTURE_DECIMALS = 4
GRID_DECIMALS = 8
"""A pixel's share is a small part of its patches', and all of them shall still sum up."""


class Grid(NamedTuple):
    """Square patches of `size` pixels, one every `stride` pixels, down to the picture's last."""

    size: int
    stride: int

    def patches(self) -> Iterator[tuple[slice, slice]]:
        """The rows and columns of each patch."""
        starts = range(0, SIDE - self.size + 1, self.stride)
        for top in starts:
            for left in starts:
                yield slice(top, top + self.size), slice(left, left + self.size)

    def inked(self, picture: Array) -> list[tuple[slice, slice]]:
        """The patches that hold any ink."""
        return [patch for patch in self.patches() if picture[patch].any()]


GRIDS = (Grid(4, 2), Grid(4, 4), Grid(7, 7), Grid(14, 14), Grid(28, 28))
"""From fine to coarse."""


class PatchOcclusion(NamedTuple):
    """A picture (28, 28) as the model sees it, the patches with ink, and the rows without them."""

    picture: Array
    grid: Grid
    patches: list[tuple[slice, slice]]
    tensors: Tensors

    @classmethod
    def of(cls, pixels: Tensors, max_rows: int) -> "PatchOcclusion":
        """The one picture of a tensor (1, 28, 28, 1), on the finest grid that needs at most `max_rows` (3 or more)."""
        ((name, row),) = pixels.items()
        picture = row[0, ..., 0]
        grid, patches = next(
            (grid, patches) for grid in GRIDS if len(patches := grid.inked(picture)) <= max_rows - PARTS
        )
        rows = np.repeat(row, PARTS + len(patches), axis=0)
        rows[NOTHING] = 0
        for place, patch in enumerate(patches, PARTS):
            rows[place][patch] = 0
        return cls(picture, grid, patches, {name: rows})

    def contributions(self, drops: Array) -> Array:
        """Each pixel's share (28, 28): the mean over the patches that cover it of what each of their pixels lost."""
        shares, covered = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
        for patch in self.grid.patches():
            covered[patch] += 1
        for patch, drop in zip(self.patches, drops, strict=True):
            shares[patch] += drop / self.grid.size**2
        return shares / covered

    def told(self, contributions: Array, log_odds: Array) -> Mapping[str, Any]:
        """The picture, and each pixel's share."""
        return {
            "picture": rounded(self.picture.astype(np.float64), PICTURE_DECIMALS),
            "contributions": rounded(contributions, GRID_DECIMALS),
            "log_odds_contributions": rounded(log_odds, GRID_DECIMALS),
            "method": {
                "name": OCCLUSION,
                "patch": self.grid.size,
                "stride": self.grid.stride,
                "rows": PARTS + len(self.patches),
                "source": SOURCE,
                "limits": LIMITS,
            },
        }
