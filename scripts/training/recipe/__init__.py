"""A recipe: the one TOML file that holds all that determines a model; one module per part of the file."""

from scripts.training.recipe.architecture import Architecture, Cnn, Lstm, Pooling, Transformer
from scripts.training.recipe.augmentation import Augmentation, ImageAugmentation, TextAugmentation
from scripts.training.recipe.calibration import Calibration, NeutralBand
from scripts.training.recipe.card import Card
from scripts.training.recipe.fit import Fit
from scripts.training.recipe.optimiser import Optimiser
from scripts.training.recipe.reading import RecipeInvalid, read_recipe
from scripts.training.recipe.vocabulary import Vocabulary
from scripts.training.recipe.whole import Recipe

__all__ = [
    "Architecture",
    "Augmentation",
    "Calibration",
    "Card",
    "Cnn",
    "Fit",
    "ImageAugmentation",
    "Lstm",
    "NeutralBand",
    "Optimiser",
    "Pooling",
    "Recipe",
    "RecipeInvalid",
    "TextAugmentation",
    "Transformer",
    "Vocabulary",
    "read_recipe",
]
