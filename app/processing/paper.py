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
    lighter, darker = np.clip(grey - paper, 0, None), np.clip(paper - grey, 0, None)
    ink = lighter if np.square(lighter).sum() > np.square(darker).sum() else darker
    ink = ink - min(NOISE_DEVIATIONS * noise, MAX_NOISE_SHARE * float(ink.max()))
    strongest = float(ink.max())
    if strongest < MIN_CONTRAST:
        raise InputInvalid.at("", "a picture of a digit", "a blank picture")
    share: Array = np.clip(ink / strongest, 0, 1)
    return share


def _paper(grey: Array) -> tuple[Array, float]:
    """The paper's grey level (height, width), continued inwards from the border, and its noise."""
    height, width = grey.shape
    is_border = np.ones((height, width), bool)
    is_border[1:-1, 1:-1] = False
    levels = grey[is_border]
    if levels.min() == levels.max():  # no photograph: there is nothing to fit
        return np.full_like(grey, levels[0]), 0.0
    rows, columns = np.mgrid[:height, :width]
    terms = _terms(rows[is_border] / height, columns[is_border] / width)
    scatter = np.abs(levels - np.median(levels))
    is_paper = scatter <= max(NOISE_DEVIATIONS * STANDARD_DEVIATIONS * float(np.median(scatter)), MIN_CONTRAST)
    for _ in range(REFITS):
        fit = np.linalg.lstsq(terms[is_paper], levels[is_paper], rcond=None)[0]
        scatter = np.abs(levels - terms @ fit)
        noise = STANDARD_DEVIATIONS * float(np.median(scatter))
        is_paper = scatter <= max(NOISE_DEVIATIONS * noise, MIN_CONTRAST / 4)
    return (_terms(rows / height, columns / width) @ fit).astype(np.float32), noise


def _terms(row: Array, column: Array) -> Array:
    """The polynomial's six terms, in a last dimension."""
    return np.stack([np.ones_like(row), row, column, row * row, column * column, row * column], axis=-1)
