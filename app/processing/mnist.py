"""A digit's ink in MNIST's form.

MNIST's authors scaled each digit into 20×20 pixels, keeping its proportions, and put its centre of mass at the centre
of 28×28, white on black (LeCun, Cortes, Burges, "The MNIST database of handwritten digits").
"""

import numpy as np
from PIL import Image

from app.types import Array

INK_LEVEL = 0.25
"""Share of the strongest ink from which a pixel belongs to the digit's bounding box."""

SIDE, BOX = 28, 20

DIGITS = tuple("0123456789")
"""The classes, by the names that they have everywhere."""

INDEX = np.arange(BOX, dtype=np.float64)


def in_mnists_form(ink: Array) -> Array:
    """Ink (height, width) float32 from 0 to 1, its strongest 1, as MNIST's digits are: (28, 28) float32."""
    return _centred(_in_box(_cropped(ink)))


def _cropped(ink: Array) -> Array:
    """The digit's bounding box."""
    is_digit = ink > INK_LEVEL
    rows, columns = is_digit.any(axis=1).tobytes(), is_digit.any(axis=0).tobytes()
    return ink[rows.find(1) : rows.rfind(1) + 1, columns.find(1) : columns.rfind(1) + 1]


def _in_box(ink: Array) -> Array:
    """Scale into 20×20, keeping the proportions; thin strokes, which fade in it, are made as strong as thick ones."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return ink
    image = Image.frombuffer("F", (width, height), ink.tobytes(), "raw", "F", 0, 1)
    scaled = image.resize(size, Image.Resampling.BICUBIC).tobytes()
    boxed: Array = np.frombuffer(scaled, np.float32).reshape(size[1], size[0]).clip(0, 1)
    boxed /= boxed.max()
    return boxed


def _centred(ink: Array) -> Array:
    """Put the centre of mass at the centre of 28×28, as far as the digit stays inside."""
    height, width = ink.shape
    mass = float(ink.sum())
    top = _start(float(ink.sum(axis=1) @ INDEX[:height]) / mass, height)
    left = _start(float(ink.sum(axis=0) @ INDEX[:width]) / mass, width)
    digit = np.zeros((SIDE, SIDE), np.float32)
    digit[top : top + height, left : left + width] = ink
    return digit


def _start(middle: float, extent: int) -> int:
    """Where so many pixels with their mass around `middle` begin among 28."""
    return min(max(round((SIDE - 1) / 2 - middle), 0), SIDE - extent)
