"""Random changes to training rows that leave their meaning: slanted digits, parts of texts."""

from functools import partial

import numpy as np
from PIL import Image

from app.processing.text import PADDING_ID
from app.repository.manifest import TextSettings
from app.types import Array
from scripts.training.batches import Augment
from scripts.training.recipe import ImageAugmentation, Recipe, TextAugmentation
from scripts.training.vocabulary import UNKNOWN_ID


def augmentation_of(recipe: Recipe) -> Augment | None:
    """The change that a recipe asks for, or None; texts come with `reach` tokens and leave with `text.length`."""
    settings = recipe.augmentation
    if isinstance(settings, ImageAugmentation):
        return partial(_change_images, settings)
    if settings is None or recipe.text is None:
        return None
    return partial(_change_texts, settings, recipe.text)


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


def _change_texts(settings: TextAugmentation, text: TextSettings, tokens: Array, random: np.random.Generator) -> Array:
    """Crop some of (rows, reach), padded in front, to (rows, length), and make some of their tokens unknown."""
    rows, reach = tokens.shape
    present = (tokens != PADDING_ID).sum(axis=1)
    most = np.minimum(present, text.length)
    least = np.minimum(settings.crop_min_tokens, most)
    is_cropped = random.random(rows) < settings.crop_share
    size = np.where(is_cropped, least + (random.random(rows) * (most - least + 1)).astype(np.int64), most)
    skipped = np.where(
        is_cropped,
        (random.random(rows) * (present - size + 1)).astype(np.int64),
        present - size if text.keep == "tail" else 0,
    )
    cropped = _runs(tokens, reach - present + skipped, size, text.length)
    is_unknown = (random.random(cropped.shape) < settings.unknown_share) & (cropped != PADDING_ID)
    return np.where(is_unknown, UNKNOWN_ID, cropped)


def _runs(tokens: Array, start: Array, size: Array, length: int) -> Array:
    """The `size` tokens (rows,) of each row from `start` (rows,) on, padded in front to (rows, length)."""
    places = np.arange(length) - (length - size)[:, np.newaxis]
    picked = np.take_along_axis(tokens, np.clip(places + start[:, np.newaxis], 0, tokens.shape[1] - 1), axis=1)
    return np.where(places >= 0, picked, PADDING_ID).astype(tokens.dtype)
