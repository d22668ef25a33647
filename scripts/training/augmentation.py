"""Random changes to training rows that leave their meaning: slanted digits, unknown words in texts."""

from functools import partial

import numpy as np
from PIL import Image

from app.processing.text import PADDING_ID
from app.types import Array
from scripts.training.batches import Augment
from scripts.training.recipe import ImageAugmentation, Recipe, TextAugmentation
from scripts.training.vocabulary import UNKNOWN_ID


def augmentation_of(recipe: Recipe) -> Augment | None:
    """The change that a recipe asks for, or None; the part of a text that is read is none (see `crops`)."""
    settings = recipe.augmentation
    if isinstance(settings, ImageAugmentation):
        return partial(_change_images, settings)
    return partial(_change_texts, settings) if settings is not None else None


def _change_images(settings: ImageAugmentation, images: Array, random: np.random.Generator) -> Array:
    """Shift, turn, scale and shear each of (rows, height, width, 1), drawing each amount uniformly."""
    changed = np.empty_like(images)
    for row, image in enumerate(images[..., 0]):
        matrix = _affine(settings, image.shape, random)
        moved = Image.fromarray(image).transform(
            (image.shape[1], image.shape[0]), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
        )
        changed[row, ..., 0] = np.asarray(moved)
    return changed


def _affine(
    settings: ImageAugmentation, shape: tuple[int, ...], random: np.random.Generator
) -> tuple[float, float, float, float, float, float]:
    """A random map from the new picture's pixels to the old one's, about the picture's centre."""
    angle, shear, across, down = random.uniform(-1, 1, 4)
    angle = np.deg2rad(angle * settings.rotation)
    scales = 1 + settings.scale * random.uniform(-1, 1, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, shear * settings.shear], [0, 1]]) / scales
    centre = np.array([shape[1] / 2, shape[0] / 2])
    offset = centre - matrix @ (centre + settings.shift * np.array([across, down]))
    (a, b), (d, e) = matrix.tolist()
    c, f = offset.tolist()
    return a, b, c, d, e, f


def _change_texts(settings: TextAugmentation, tokens: Array, random: np.random.Generator) -> Array:
    """Make some tokens of (rows, length) unknown."""
    is_unknown = (random.random(tokens.shape) < settings.unknown_share) & (tokens != PADDING_ID)
    return np.where(is_unknown, UNKNOWN_ID, tokens).astype(tokens.dtype)
