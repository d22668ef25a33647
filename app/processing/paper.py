"""Ink and paper: what of a picture was drawn, whatever light fell on it and whatever was printed on the sheet.

The paper of a drawing has one level, which most of its border shows. That of a photograph changes with the light: it
is what a closing leaves (Serra, Image Analysis and Mathematical Morphology, 1982), which fills in whatever is narrower
than its window, and so strokes, but no shadow. Its noise, and rulings that cross the whole sheet, are no ink.
"""

from functools import lru_cache

import numpy as np
from PIL import Image

from app.errors import InputInvalid
from app.types import Array

EVEN_SHARE = 0.8
"""Of one level is so much of a drawing's border at least."""

SMALLEST_PHOTOGRAPH = 16
"""Pixels of the longer side from which on a picture may be a photograph: in a smaller one light looks like ink."""

MIN_CONTRAST = 0.08
"""The least difference between ink and paper, of 1, that counts as a drawing."""

NOISE_DEVIATIONS = 3.0
"""Standard deviations of the paper's noise below which nothing is ink."""

MAX_NOISE_SHARE = 0.5
"""Share of the strongest ink that is cut off at most, however rough the paper."""

NOISE_STEP = 4
"""The noise is estimated from every so manieth pixel of every so manieth row."""

STANDARD_DEVIATIONS = 1.4826
"""A normal distribution's standard deviation, in median absolute deviations."""

SMOOTH_CONTRAST = 0.3
"""What differs more from the border's middle level is no paper at first sight."""

DARKEST_PAPER = 0.05
"""Paper as dark as this tells no more about the light on it."""

EVEN_LIGHT = np.eye(6)[0]
"""The polynomial's factors of light that is 1 everywhere."""

RIDGE = 1e-6 * np.eye(6)
"""Keeps the fit possible where the border has fewer levels than the polynomial factors."""

REFITS = 2
"""Times that the light is fitted, each time without what stood out before: ink that touches the border."""

PAPER_SIDE = 32
"""The longer side of the small picture that shows a photograph's paper; averaging takes most of the noise away."""

STROKE_SHARE = 0.36
"""The width, as a share of the picture's longer side, up to which something may be a stroke."""

MAX_LINE_SHARE = 0.75
"""What crosses the whole sheet is a ruling as long as it is at most so strong, as a share of the strongest ink."""

MIN_LINE_SHARE = 0.08
"""What is weaker disturbs no one."""

LINE_EDGE = 3
"""Pixels from the border in which a ruling shows how strong it is."""

LINE_MARGIN = 1.3
"""So many times as strong as the rulings at the border must be what is surely ink."""


def ink_of(grey: Array) -> Array:
    """The ink (height, width) from 0 to 1 of a picture of 0 black to 1 white, darker or lighter than its paper.

    Raises `InputInvalid` where the picture is blank.
    """
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    is_even = border.min() == border.max()
    ink = _stronger(grey - border[0]) if is_even else _ink_on_uneven_paper(grey, border)
    strongest = float(ink.max())
    if strongest < MIN_CONTRAST:
        raise InputInvalid.at("", "a picture of a digit", "a blank picture")
    share: Array = (ink / strongest).clip(0, 1)
    return share


def _ink_on_uneven_paper(grey: Array, border: Array) -> Array:
    """The difference of ink to a sheet that is ruled, in uneven light, or whose border has ink."""
    level = np.median(border)
    if max(grey.shape) < SMALLEST_PHOTOGRAPH:
        return _stronger(grey - level)
    is_drawing = np.count_nonzero(border == level) >= EVEN_SHARE * len(border)
    return _without_ruling(_stronger(grey - level) if is_drawing else _photographed_ink(grey))


def _stronger(difference: Array) -> Array:
    """What is lighter than the paper, or what is darker, whichever is more."""
    if difference.min() >= 0:
        return difference
    lighter, darker = difference.clip(0, None), (-difference).clip(0, None)
    return lighter if np.square(lighter).sum() > np.square(darker).sum() else darker


def _photographed_ink(grey: Array) -> Array:
    """The difference of ink to the paper around it, without what is no more than the paper's noise."""
    small = _resized(grey, min(1.0, PAPER_SIDE / max(grey.shape)))
    fit = _smooth_light(small)
    uneven = small - _surface(fit, small.shape)
    sign = 1 if _is_darker_in_parts(uneven) else -1
    paper = _surface(fit, grey.shape) + sign * _stretched(_closing(sign * uneven), grey.shape)
    ink = _without_noise(sign * (paper - grey))
    if sign > 0:  # where less light falls, ink takes less of it away
        paper.clip(DARKEST_PAPER, None, out=paper)
        ink *= float(np.median(paper[::NOISE_STEP, ::NOISE_STEP])) / paper
    return ink


def _without_noise(ink: Array) -> Array:
    """The ink that is more than the paper's noise, most of the sheet being paper."""
    some = ink[::NOISE_STEP, ::NOISE_STEP]
    offset = float(np.median(some))
    noise = STANDARD_DEVIATIONS * float(np.median(np.abs(some - offset)))
    ink -= offset
    ink -= min(NOISE_DEVIATIONS * noise, MAX_NOISE_SHARE * float(ink.max()))
    return ink.clip(0, None)


def _smooth_light(small: Array) -> Array:
    """The six factors of a polynomial of the second degree that more of the border's levels follow than a constant.

    Those of the constant where they are not more: a shadow's edge would bend the polynomial beside it.
    """
    terms = _border_terms(small.shape)
    levels = np.concatenate((small[0], small[-1], small[:, 0], small[:, -1]))
    is_paper = np.abs(levels - np.median(levels)) <= SMOOTH_CONTRAST
    for _ in range(REFITS):
        weighted = terms * is_paper
        fit: Array = np.linalg.solve(weighted @ terms.T + RIDGE, weighted @ levels)
        is_paper = np.abs(levels - fit @ terms) <= MIN_CONTRAST / 2
    is_even = np.abs(levels - np.median(levels)) <= MIN_CONTRAST / 2
    return fit if is_paper.sum() > is_even.sum() else np.median(levels) * EVEN_LIGHT


@lru_cache(maxsize=128)
def _border_terms(shape: tuple[int, int]) -> Array:
    """The polynomial's six terms (6, pixels) at the border's pixels: first row, last row, first column, last column."""
    rows, columns = (np.arange(size) / size for size in shape)
    row = np.concatenate((np.full(shape[1], rows[0]), np.full(shape[1], rows[-1]), rows, rows))
    column = np.concatenate((columns, columns, np.full(shape[0], columns[0]), np.full(shape[0], columns[-1])))
    return np.stack([np.ones_like(row), row, column, row * row, column * column, row * column])


def _surface(fit: Array, shape: tuple[int, ...]) -> Array:
    """The polynomial of these six factors over (height, width), float32."""
    row, column = (np.arange(size, dtype=np.float32) / size for size in shape)
    constant, once_row, once_column, twice_row, twice_column, both = fit.astype(np.float32)
    surface = np.multiply.outer(both * row, column)
    surface += (constant + row * (once_row + twice_row * row))[:, np.newaxis]
    surface += column * (once_column + twice_column * column)
    levels: Array = surface
    return levels


def _is_darker_in_parts(small: Array) -> bool:
    """Whether the lesser part is darker than what surrounds it, as dark strokes are; half of it may be in the shade."""
    height, width = small.shape
    mean = Image.frombuffer("F", (width, height), small.tobytes(), "raw", "F", 0, 1)
    coarse = mean.resize((2, 2), Image.Resampling.BOX).resize((width, height), Image.Resampling.BILINEAR)
    around = small - np.asarray(coarse)
    return float((around**3).sum()) <= 0


def _closing(levels: Array) -> Array:
    """The levels with whatever is darker and narrower than a stroke may be filled in; the border goes on outside."""
    reach = max(1, round(STROKE_SHARE * max(levels.shape)) // 2)
    return -_highest(-_highest(np.pad(levels, 2 * reach, mode="edge"), reach), reach)


def _highest(levels: Array, reach: int) -> Array:
    """The highest of the levels up to so many pixels away, up and down and to either side, where all these exist."""
    done, window = 1, 2 * reach + 1
    while done < window:
        step = min(done, window - done)
        levels = np.maximum(levels[:-step], levels[step:])
        levels = np.maximum(levels[:, :-step], levels[:, step:])
        done += step
    return levels


def _resized(levels: Array, scale: float) -> Array:
    height, width = (max(1, round(side * scale)) for side in levels.shape)
    return _to_size(levels, (width, height), Image.Resampling.BOX)


def _stretched(levels: Array, shape: tuple[int, ...]) -> Array:
    """The levels over (height, width)."""
    return _to_size(np.ascontiguousarray(levels), (shape[1], shape[0]), Image.Resampling.BILINEAR)


def _to_size(levels: Array, size: tuple[int, int], method: Image.Resampling) -> Array:
    height, width = levels.shape
    image = Image.frombuffer("F", (width, height), levels.tobytes(), "raw", "F", 0, 1)
    resized: Array = np.frombuffer(image.resize(size, method).tobytes(), np.float32).reshape(size[1], size[0])
    return resized


def _without_ruling(ink: Array) -> Array:
    """The ink without lines that cross the whole sheet, as they are on writing paper, fainter than the writing.

    What is surely ink, stronger than any line, keeps what is around it.
    """
    edge = LINE_EDGE
    down = min(ink[:edge].max(), ink[-edge:].max())
    across = min(ink[:, :edge].max(), ink[:, -edge:].max())
    line = LINE_MARGIN * max(down, across)
    strongest = ink.max()
    if not MIN_LINE_SHARE * strongest < line <= MAX_LINE_SHARE * strongest:
        return ink
    surely = np.pad(ink > line, 1)
    beside = surely[:, :-2] | surely[:, 1:-1] | surely[:, 2:]
    near = beside[:-2] | beside[1:-1] | beside[2:]
    kept: Array = np.where(near, ink, 0)
    return kept
