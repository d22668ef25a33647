"""Ink and paper: what of a picture was drawn, whatever light fell on it.

The paper is seen at the picture's border. Light that falls on it from one side, or fades towards the corners, is
described by a polynomial of the second degree; what scatters around that is noise, and below its level nothing is ink.
"""

import numpy as np

from app.errors import InputInvalid
from app.types import Array

MIN_CONTRAST = 0.08
"""The least difference between ink and paper, of 1, that counts as a drawing."""

NOISE_DEVIATIONS = 3.0
"""Standard deviations of the paper's noise below which nothing is ink."""

MAX_NOISE_SHARE = 0.5
"""Share of the strongest ink that is cut off at most, however rough the paper."""

REFITS = 3
"""Times that the paper is fitted, each time without what stood out before: ink that touches the border."""

STANDARD_DEVIATIONS = 1.4826
"""A normal distribution's standard deviation, in median absolute deviations."""


def ink_of(grey: Array) -> Array:
    """The ink (height, width) from 0 to 1 of a picture of 0 black to 1 white, darker or lighter than its paper.

    Of the two, the ink is what differs more. Raises `InputInvalid` where the picture is blank.
    """
    paper, noise = _paper(grey)
    ink = _stronger(grey - paper)
    strongest = float(ink.max())
    if noise:
        ink = ink - min(NOISE_DEVIATIONS * noise, MAX_NOISE_SHARE * strongest)
        strongest = float(ink.max())
    if strongest < MIN_CONTRAST:
        raise InputInvalid.at("", "a picture of a digit", "a blank picture")
    share: Array = (ink / strongest).clip(0, 1)
    return share


def _stronger(difference: Array) -> Array:
    """What is lighter than the paper, or what is darker, whichever is more."""
    if difference.min() >= 0:
        return difference
    lighter, darker = difference.clip(0, None), (-difference).clip(0, None)
    return lighter if np.square(lighter).sum() > np.square(darker).sum() else darker


def _paper(grey: Array) -> tuple[Array, float]:
    """The paper's grey level (height, width), continued inwards from the border, and its noise.

    Of an even border the level is one for all (shape ()).
    """
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    if border.min() == border.max():  # no photograph: there is nothing to fit
        return border[0], 0.0
    height, width = grey.shape
    is_border = np.ones((height, width), bool)
    is_border[1:-1, 1:-1] = False
    levels = grey[is_border]
    rows, columns = is_border.nonzero()
    terms = _terms(rows / height, columns / width)
    scatter = np.abs(levels - np.median(levels))
    is_paper = scatter <= max(NOISE_DEVIATIONS * STANDARD_DEVIATIONS * float(np.median(scatter)), MIN_CONTRAST)
    for _ in range(REFITS):
        fit = np.linalg.lstsq(terms[is_paper], levels[is_paper], rcond=None)[0]
        scatter = np.abs(levels - terms @ fit)
        noise = STANDARD_DEVIATIONS * float(np.median(scatter))
        is_paper = scatter <= max(NOISE_DEVIATIONS * noise, MIN_CONTRAST / 4)
    return _surface(fit, np.arange(height) / height, np.arange(width) / width), noise


def _terms(row: Array, column: Array) -> Array:
    """The polynomial's six terms, in a last dimension."""
    return np.stack([np.ones_like(row), row, column, row * row, column * column, row * column], axis=-1)


def _surface(fit: Array, row: Array, column: Array) -> Array:
    """The polynomial of these six factors over all rows and columns, (height, width) float32."""
    constant, once_row, once_column, twice_row, twice_column, both = fit
    of_row = constant + row * (once_row + twice_row * row)
    of_column = column * (once_column + twice_column * column)
    surface = np.multiply.outer(both * row, column)
    surface += of_row[:, np.newaxis]
    surface += of_column
    levels: Array = surface.astype(np.float32)
    return levels
