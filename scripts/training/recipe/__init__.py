"""A recipe: the one TOML file that holds all that determines a model; one module per part of the file."""

from scripts.training.recipe.architecture import Architecture, Cnn, Encoder, Lstm, Pooling, Transformer
from scripts.training.recipe.augmentation import Augmentation, ImageAugmentation, TextAugmentation
from scripts.training.recipe.averaging import Averaging, ExponentialAveraging, StochasticAveraging
from scripts.training.recipe.calibration import Calibration, NeutralBand
from scripts.training.recipe.card import Card
from scripts.training.recipe.compute import Compute
from scripts.training.recipe.contrast import Contrast
from scripts.training.recipe.distillation import Distillation
from scripts.training.recipe.fit import Fit
from scripts.training.recipe.folds import Folds
from scripts.training.recipe.fragments import Fragments
from scripts.training.recipe.frozen_encoder import FrozenEncoder
from scripts.training.recipe.ngrams import Ngrams
from scripts.training.recipe.optimiser import ConstantRate, CosineRate, Optimiser, PlateauRate
from scripts.training.recipe.pruning import Pruning
from scripts.training.recipe.quantisation import Quantisation
from scripts.training.recipe.reading import RecipeInvalid, read_recipe
from scripts.training.recipe.red_blue import RedBlue
from scripts.training.recipe.report import Report
from scripts.training.recipe.vectors import Vectors
from scripts.training.recipe.vocabulary import Vocabulary
from scripts.training.recipe.whole import Recipe

__all__ = [
    "Architecture",
    "Augmentation",
    "Averaging",
    "Calibration",
    "Card",
    "Cnn",
    "Compute",
    "ConstantRate",
    "Contrast",
    "CosineRate",
    "Distillation",
    "Encoder",
    "ExponentialAveraging",
    "Fit",
    "Folds",
    "Fragments",
    "FrozenEncoder",
    "ImageAugmentation",
    "Lstm",
    "NeutralBand",
    "Ngrams",
    "Optimiser",
    "PlateauRate",
    "Pooling",
    "Pruning",
    "Quantisation",
    "Recipe",
    "RecipeInvalid",
    "RedBlue",
    "Report",
    "StochasticAveraging",
    "TextAugmentation",
    "Transformer",
    "Vectors",
    "Vocabulary",
    "read_recipe",
]
