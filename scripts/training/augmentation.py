"""Random changes to training rows that leave their meaning: other hands, unknown words in texts."""

from functools import partial

import numpy as np

from app.processing.text import PADDING_ID
from app.types import Array
from scripts.training.batches import Augment
from scripts.training.image_augmentation import change_images
from scripts.training.recipe import ImageAugmentation, Recipe, TextAugmentation
from scripts.training.vocabulary import UNKNOWN_ID


def augmentation_of(recipe: Recipe) -> Augment | None:
    """The change that a recipe asks for, or None; the part of a text that is read is none (see `crops`)."""
    settings = recipe.augmentation
    if isinstance(settings, ImageAugmentation):
        return partial(change_images, settings)
    return partial(_change_texts, settings) if settings is not None else None


def _change_texts(settings: TextAugmentation, tokens: Array, random: np.random.Generator) -> Array:
    """Make some tokens of (rows, length) unknown."""
    is_unknown = (random.random(tokens.shape) < settings.unknown_share) & (tokens != PADDING_ID)
    return np.where(is_unknown, UNKNOWN_ID, tokens).astype(tokens.dtype)
