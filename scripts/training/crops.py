"""Which run of its tokens each training text is read by in an epoch: the end that serving keeps, or any other part."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from app.processing.text import PADDING_ID
from app.repository.manifest import TextSettings
from app.types import Array
from scripts.training.buckets import count_tokens
from scripts.training.recipe import Recipe, TextAugmentation


@dataclass(frozen=True, slots=True)
class Crops:
    """A run of each text: `sizes` (rows,) tokens after the first `skipped` (rows,) of them."""

    skipped: Array
    sizes: Array

    def take(self, rows: Array, inputs: Array, length: int) -> Array:
        """The runs of `inputs` (rows, reach), the texts of those numbers, padded in front to (rows, length)."""
        sizes = self.sizes[rows]
        start = inputs.shape[1] - count_tokens(inputs) + self.skipped[rows]
        offsets = np.arange(length) - (length - sizes)[:, np.newaxis]
        places = np.clip(offsets + start[:, np.newaxis], 0, inputs.shape[1] - 1)
        return np.where(offsets >= 0, np.take_along_axis(inputs, places, axis=1), PADDING_ID).astype(inputs.dtype)


DrawCrops = Callable[[Array, np.random.Generator], Crops]
"""Draws a run for each of the texts of so many tokens (rows,)."""


def crops_of(recipe: Recipe) -> DrawCrops | None:
    """How a recipe's texts are cropped; None for images."""
    if recipe.text is None:
        return None
    settings = recipe.augmentation
    return partial(_draw, recipe.text, settings if isinstance(settings, TextAugmentation) else None)


def served(text: TextSettings, tokens: Array) -> Crops:
    """What serving reads of texts of so many tokens (rows,)."""
    most = np.minimum(tokens, text.length)
    return Crops(tokens - most if text.keep == "tail" else np.zeros_like(tokens), most)


def as_served(text: TextSettings, inputs: Array) -> Array:
    """Texts (rows, reach) as serving cuts them, padded in front to (rows, length)."""
    return served(text, count_tokens(inputs)).take(np.arange(len(inputs)), inputs, text.length)


def _draw(text: TextSettings, settings: TextAugmentation | None, tokens: Array, random: np.random.Generator) -> Crops:
    """Some texts' runs anywhere, of any size that the settings allow; the others' as serving cuts them."""
    whole = served(text, tokens)
    if settings is None:
        return whole
    most = np.minimum(whole.sizes, settings.most_tokens or text.length)
    if settings.whole_share:
        most = np.where(random.random(len(tokens)) < settings.whole_share, whole.sizes, most)
    is_cropped = (random.random(len(tokens)) < settings.crop_share) & (tokens > settings.uncropped_tokens)
    sizes = np.where(is_cropped, _sizes(settings, most, random), most)
    anywhere = (random.random(len(tokens)) * (tokens - sizes + 1)).astype(np.int64)
    return Crops(np.where(is_cropped | (sizes < whole.sizes), anywhere, whole.skipped), sizes)


def _sizes(settings: TextAugmentation, most: Array, random: np.random.Generator) -> Array:
    """The size of a run for each text of which it may have so many tokens (rows,)."""
    least = np.minimum(settings.crop_min_tokens, most)
    drawn = random.random(len(most))
    if settings.crop_sizes == "uniform":
        return np.asarray(least + (drawn * (most - least + 1)).astype(np.int64))
    span = (most + 1) / np.maximum(least, 1)
    return np.asarray(np.clip((np.maximum(least, 1) * span**drawn).astype(np.int64), least, most))
