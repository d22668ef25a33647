"""Drawn sevens, on any paper, in any format."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.types import Array

STROKES = [(0.1, 0.08), (0.9, 0.08), (0.4, 0.95)]
"""A seven, in shares of its box."""


@pytest.fixture(scope="session")
def seven() -> Callable[..., Image.Image]:
    """Draws a seven of grey `ink` on grey `paper`, with its box at `left`, `top` of a square picture."""

    def draw(
        *, side: int = 200, box: int = 120, left: int = 40, top: int = 40, ink: int = 0, paper: int = 255
    ) -> Image.Image:
        image = Image.new("L", (4 * side, 4 * side), paper)
        points = [(4 * (left + x * box), 4 * (top + y * box)) for x, y in STROKES]
        ImageDraw.Draw(image).line(points, ink, width=box // 2, joint="curve")
        return image.reduce(4)

    return draw


@pytest.fixture(scope="session")
def encoded() -> Callable[..., bytes]:
    """An image as a file."""

    def encode(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
        file = io.BytesIO()
        image.save(file, form, **options)
        return file.getvalue()

    return encode


@pytest.fixture(scope="session")
def levels() -> Callable[[Image.Image], Array]:
    """Grey levels of an image, 0 to 1."""
    return lambda image: np.asarray(image.convert("L"), np.float32) / 255
