"""Digits as other hands and pens would have written them, whole batches at a time.

Each is turned, slanted, stretched and bent (elastic distortion: Simard, Steinkraus and Platt, "Best practices for
convolutional neural networks applied to visual document analysis", ICDAR 2003), brought back into MNIST's form, as the
service does with pictures, and then written with another pen and seen through another lens.
"""

import math
from functools import partial, reduce

import numpy as np

from app.processing.mnist import BOX, INK_LEVEL
from app.types import Array
from scripts.training.recipe import ImageAugmentation

BENDS = 5
"""The bending is drawn at so many points along a side and continued smoothly between them."""


def change_images(settings: ImageAugmentation, images: Array, random: np.random.Generator) -> Array:
    """Change the settings' share of (rows, height, width, 1) from 0 to 1 by amounts drawn uniformly within them."""
    is_chosen = random.random(len(images)) < settings.share
    changed = images.copy()
    changed[is_chosen, ..., 0] = _written_anew(settings, images[is_chosen, ..., 0], random)
    return changed


def _written_anew(settings: ImageAugmentation, digits: Array, random: np.random.Generator) -> Array:
    """Change each of the digits (rows, height, width)."""
    moved = _sampled(digits, *_sources(settings, digits, random))
    written = _with_another_pen(moved, settings.thickness, random)
    seen = _faded(_blurred(written, settings.blur, random), settings.fading, random)
    if settings.noise:
        strength = settings.noise * random.random((len(seen), 1, 1), np.float32)
        seen += strength * random.standard_normal(seen.shape, np.float32)
    return np.clip(seen, 0, 1)


def _sources(settings: ImageAugmentation, digits: Array, random: np.random.Generator) -> tuple[Array, Array]:
    """For every pixel of the new digits, where it comes from in the old ones: rows and columns, each as `digits`."""
    rows, side = len(digits), digits.shape[1]
    position = np.arange(side, dtype=np.float32)
    mass = digits.sum(axis=(1, 2)) + 1e-6
    old = np.stack([digits.sum(axis=2) @ position / mass, digits.sum(axis=1) @ position / mass], axis=1)
    back = _linear(settings, rows, random)
    back /= _growth(digits, old, back)[:, np.newaxis, np.newaxis]
    back *= 1 + settings.scale * _either_way(random, rows, 1, 1)
    new = (side - 1) / 2 + settings.shift * _either_way(random, rows, 2)
    row = position[:, np.newaxis] - new[:, 0, np.newaxis, np.newaxis]
    column = position[np.newaxis] - new[:, 1, np.newaxis, np.newaxis]
    bend = partial(_bends, rows, side, settings.elastic, random)
    return tuple(
        (back[:, axis, 0, np.newaxis, np.newaxis] * row + back[:, axis, 1, np.newaxis, np.newaxis] * column)
        + old[:, axis, np.newaxis, np.newaxis]
        + bend()
        for axis in (0, 1)
    )


def _linear(settings: ImageAugmentation, rows: int, random: np.random.Generator) -> Array:
    """Random maps (rows, 2, 2) from offsets in the new digit, down and across, to offsets in the old one."""
    angle = math.radians(settings.rotation) * _either_way(random, rows)
    slant = settings.shear * _either_way(random, rows)
    stretch = np.exp(math.log1p(settings.stretch) * _either_way(random, rows))
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack(
        [
            np.stack([cosine * stretch, sine * stretch], axis=1),
            np.stack([slant * cosine - sine, slant * sine + cosine], axis=1),
        ],
        axis=1,
    )


def _growth(digits: Array, centre: Array, back: Array) -> Array:
    """By how much (rows,) each digit's longer side must grow, once changed, to have MNIST's 20 pixels."""
    position = np.arange(digits.shape[1], dtype=np.float32)
    is_ink = digits > INK_LEVEL
    down = position[np.newaxis, :, np.newaxis] - centre[:, 0, np.newaxis, np.newaxis]
    across = position[np.newaxis, np.newaxis] - centre[:, 1, np.newaxis, np.newaxis]
    forth = np.linalg.inv(back)
    outside = np.where(is_ink, 0, np.float32(np.inf))
    extents = []
    for axis in (0, 1):
        place = forth[:, axis, 0, np.newaxis, np.newaxis] * down + forth[:, axis, 1, np.newaxis, np.newaxis] * across
        extents.append((place - outside).max(axis=(1, 2)) - (place + outside).min(axis=(1, 2)) + 1)
    longer = np.maximum(*extents)
    return np.where(np.isfinite(longer), BOX / np.maximum(longer, 1), 1)


def _bends(rows: int, side: int, most: float, random: np.random.Generator) -> Array:
    """Smooth displacements (rows, side, side) of at most so many pixels."""
    points = most * _either_way(random, rows, BENDS, BENDS)
    places = np.linspace(0, BENDS - 1, side)
    weights = np.exp(-np.square(places[:, np.newaxis] - np.arange(BENDS)) / 0.8).astype(np.float32)
    weights /= weights.sum(axis=1, keepdims=True)
    field: Array = weights @ points @ weights.T
    return field


def _sampled(digits: Array, row: Array, column: Array) -> Array:
    """The levels at these places, between pixels in proportion to the distance; outside there is no ink."""
    rows, side, _ = digits.shape
    padded = np.pad(digits, ((0, 0), (1, 1), (1, 1))).ravel()
    row, column = (np.clip(place + 1, 0, side + 0.999) for place in (row, column))
    above, left = row.astype(np.int32), column.astype(np.int32)
    down, across = row - above, column - left
    wide = side + 2
    start = (np.arange(rows, dtype=np.int32) * wide * wide)[:, np.newaxis, np.newaxis] + above * wide + left
    upper = _between(padded.take(start), padded.take(start + 1), across)
    start += wide
    lower = _between(padded.take(start), padded.take(start + 1), across)
    return _between(upper, lower, down)


def _between(one: Array, other: Array, share: Array) -> Array:
    """What lies so far on the way from one to the other."""
    other -= one
    other *= share
    other += one
    return other


def _with_another_pen(digits: Array, thickness: float, random: np.random.Generator) -> Array:
    """Thicken or thin the strokes, by up to `thickness` pixels on each side, in grey levels."""
    if not thickness:
        return digits
    share = thickness * _either_way(random, len(digits), 1, 1)
    is_thicker = share[:, 0, 0] > 0
    changed = digits * (1 - np.abs(share))
    for rows, extreme in ((is_thicker, np.maximum), (~is_thicker, np.minimum)):
        some = digits[rows]
        changed[rows] += np.abs(share[rows]) * reduce(extreme, _neighbours(some), some)
    return _strengthened(changed)


def _blurred(digits: Array, blur: float, random: np.random.Generator) -> Array:
    """Mix each digit with its own average over neighbouring pixels, which takes up to the share `blur`."""
    if not blur:
        return digits
    share = blur * random.random((len(digits), 1, 1), np.float32)
    average = reduce(np.add, _neighbours(digits), digits) / 5
    return _strengthened(digits + share * (average - digits))


def _faded(digits: Array, fading: float, random: np.random.Generator) -> Array:
    """Raise the levels to a power, up to 1 + `fading` or its inverse: grey strokes get fainter or stronger."""
    if not fading:
        return digits
    return np.power(digits, np.exp(math.log1p(fading) * _either_way(random, len(digits), 1, 1)))


def _neighbours(digits: Array) -> list[Array]:
    """The digits moved by one pixel up, down, left and right."""
    padded = np.pad(digits, ((0, 0), (1, 1), (1, 1)))
    return [padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]]


def _strengthened(digits: Array) -> Array:
    """The same, each digit's strongest ink being 1."""
    strongest = digits.max(axis=(1, 2), keepdims=True)
    strong: Array = digits / np.maximum(strongest, 1e-3)
    return strong


def _either_way(random: np.random.Generator, *shape: int) -> Array:
    """Uniform numbers from -1 to 1, float32."""
    return 2 * random.random(shape, np.float32) - 1
