"""Digits as pen strokes of our own, as a finger or a mouse draws them on a canvas."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from app.types import Array

SIDE = 112
"""Pixels of a drawing along a side."""

BOX = 72
"""Of which a glyph's unit square takes so many."""

Point = tuple[float, float]
Stroke = Sequence[Point]


def _arc(across: float, down: float, wide: float, high: float, *degrees: float) -> list[Point]:
    """Part of an ellipse about a centre with these radii, from one angle to another, clockwise from the right."""
    start, end = degrees
    angles = np.linspace(math.radians(start), math.radians(end), 24)
    return [(across + wide * math.cos(angle), down + high * math.sin(angle)) for angle in angles.tolist()]


GLYPHS: dict[int, Sequence[Sequence[Stroke]]] = {
    0: [[_arc(0.5, 0.5, 0.33, 0.5, -90, 270)], [_arc(0.5, 0.5, 0.42, 0.5, -70, 300)]],
    1: [[[(0.5, 0), (0.5, 1)]], [[(0.28, 0.25), (0.55, 0), (0.55, 1)]]],
    2: [
        [[*_arc(0.5, 0.28, 0.32, 0.28, -170, 40), (0.15, 1), (0.88, 1)]],
        [[*_arc(0.5, 0.25, 0.3, 0.25, -180, 20), *_arc(0.3, 0.88, 0.13, 0.1, 60, 340), (0.62, 0.98), (0.9, 0.92)]],
    ],
    3: [
        [[*_arc(0.45, 0.25, 0.32, 0.25, -150, 90), *_arc(0.45, 0.75, 0.37, 0.25, -90, 150)]],
        [[(0.15, 0), (0.8, 0), (0.45, 0.4), *_arc(0.45, 0.7, 0.35, 0.3, -90, 150)]],
    ],
    4: [
        [[(0.6, 0), (0.1, 0.66), (0.92, 0.66)], [(0.68, 0.36), (0.68, 1)]],
        [[(0.2, 0), (0.16, 0.5), (0.84, 0.5)], [(0.78, 0), (0.74, 1)]],
        [[(0.68, 1), (0.68, 0), (0.08, 0.68), (0.92, 0.68)]],
    ],
    5: [
        [[(0.8, 0), (0.25, 0), (0.2, 0.45), *_arc(0.46, 0.68, 0.36, 0.32, -130, 150)]],
        [[(0.25, 0), (0.2, 0.42), *_arc(0.45, 0.68, 0.36, 0.32, -120, 150)], [(0.25, 0.02), (0.82, 0)]],
    ],
    6: [
        [[(0.72, 0), (0.42, 0.22), (0.22, 0.55), *_arc(0.5, 0.7, 0.3, 0.3, -180, 180)]],
        [[*_arc(0.8, 0.7, 0.62, 0.7, -90, -180), *_arc(0.48, 0.74, 0.3, 0.26, 180, -180)]],
    ],
    7: [
        [[(0.12, 0), (0.85, 0), (0.42, 1)]],
        [[(0.12, 0.03), (0.85, 0), (0.42, 1)], [(0.32, 0.52), (0.85, 0.48)]],
    ],
    8: [
        [_arc(0.5, 0.25, 0.27, 0.25, 90, 450), _arc(0.5, 0.74, 0.34, 0.26, -90, 270)],
        [[*_arc(0.5, 0.25, 0.28, 0.25, -20, -270), *_arc(0.5, 0.75, 0.32, 0.25, -90, 270), (0.76, 0.18)]],
    ],
    9: [
        [[*_arc(0.48, 0.3, 0.3, 0.3, 0, -360), (0.76, 0.6), (0.7, 1)]],
        [[*_arc(0.48, 0.3, 0.3, 0.3, -20, -380), *_arc(0.45, 0.7, 0.33, 0.3, -20, 130)]],
    ],
}
"""Each digit's forms, a form's strokes, a stroke's points: across and down, from 0 to 1."""


def drawn(digit: int, width: float, random: np.random.Generator) -> Array:
    """A digit in one of its forms, (112, 112) float32 ink, by a round pen `width` wide, of the glyph's height.

    No two are alike: proportions, slant and the course of the strokes are drawn at random.
    """
    forms = GLYPHS[digit]
    strokes = forms[int(random.integers(len(forms)))]
    aspect, slant = random.uniform(0.75, 1.15), random.uniform(-0.15, 0.3)
    image = Image.new("L", (SIDE * 2, SIDE * 2))
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        points = _unsteady(np.array(stroke), random)
        points[:, 0] = (points[:, 0] - 0.5) * aspect + (0.5 - points[:, 1]) * slant + 0.5
        _trace(pen, (points * BOX + (SIDE - BOX) / 2) * 2, width * BOX)
    soft = image.resize((SIDE, SIDE), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.5))
    ink: Array = np.asarray(soft, dtype=np.float32) / 255
    return ink


def _unsteady(points: Array, random: np.random.Generator) -> Array:
    """The stroke as a hand draws it: its points led astray together, along waves of random phase."""
    waves = random.uniform(0, 2 * math.pi, (2, 2))
    strength = random.uniform(0, 0.035, (2, 2))
    course = np.stack([points[:, 1] * 5, points[:, 0] * 7], axis=1)
    astray = strength[0] * np.sin(course + waves[0]) + strength[1] * np.sin(2 * course[:, ::-1] + waves[1])
    unsteady: Array = points + astray + random.normal(0, 0.02, 2)
    return unsteady


def _trace(pen: ImageDraw.ImageDraw, points: Array, radius: float) -> None:
    """Draw along the points with a round pen of that radius."""
    pen.line([tuple(point) for point in points.tolist()], fill=255, width=max(1, round(2 * radius)))
    radius -= 0.5
    for across, down in points.tolist():
        pen.ellipse((across - radius, down - radius, across + radius, down + radius), fill=255)
