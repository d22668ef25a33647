"""Ink: a digit of MNIST written again, large, with a thinner or thicker pen."""

import numpy as np
from PIL import Image, ImageFilter

from app.types import Array

ENLARGED = 4
"""Pixels of the enlarged digit per pixel of MNIST's, along a side."""

SOFTNESS = 0.12
"""Half the range of levels over which the edge of a stroke fades, of 1."""

WIDEST = 3
"""The widest pen adds so many enlarged pixels on every side of a stroke."""


def written(digit: Array, boldness: float) -> Array:
    """A digit (28, 28) from 0 to 1 as sharp strokes (112, 112) float32, `boldness` from -1, hair-thin, to 1, fat.

    At 0 the strokes are as wide as MNIST's. A thin pen keeps to the middle of the strokes, so that none breaks.
    """
    side = digit.shape[0] * ENLARGED
    levels = Image.fromarray((digit * 255).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    plain = _sharp(_levels(levels.filter(ImageFilter.GaussianBlur(1))), 0.45)
    if boldness > 0:
        size = 2 * round(boldness * WIDEST) + 1
        wide = Image.fromarray((plain * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(size))
        return _levels(wide.filter(ImageFilter.GaussianBlur(1)))
    if boldness < 0:
        return _thinned(levels, plain, -boldness)
    return plain


def turned(ink: Array, degrees: float) -> Array:
    """The same ink turned anticlockwise, cut to what was written."""
    image = Image.fromarray((ink * 255).astype(np.uint8))
    image = image.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    return _levels(image.crop(image.point(lambda level: level > 32 and 255).getbbox()))


def sized(ink: Array, height: int) -> Array:
    """The same ink, so many pixels high, its proportions kept."""
    rows, columns = ink.shape
    width = max(1, round(columns * height / rows))
    image = Image.fromarray((ink * 255).astype(np.uint8))
    return _levels(image.resize((width, height), Image.Resampling.LANCZOS))


def _thinned(levels: Image.Image, plain: Array, thinness: float) -> Array:
    """What lies near the ridge of the strokes: the level there is near the highest around."""
    smooth = _levels(levels.filter(ImageFilter.GaussianBlur(ENLARGED)))
    highest = _levels(Image.fromarray((smooth * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(2 * ENLARGED + 1)))
    ridge = smooth / np.maximum(highest, 0.05)
    return np.minimum(_sharp(ridge, 0.5 + 0.4 * thinness), np.maximum(plain, smooth > 0.3)).astype(np.float32)


def _sharp(levels: Array, middle: float) -> Array:
    """Levels to ink: none well below `middle`, all well above."""
    ink: Array = ((levels - middle) / (2 * SOFTNESS) + 0.5).clip(0, 1).astype(np.float32)
    return ink


def _levels(image: Image.Image) -> Array:
    return np.asarray(image, dtype=np.float32) / 255
