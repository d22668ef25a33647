"""The n-grams' weights, fitted to the training rows and put together with what the network says."""

import logging
import warnings
from dataclasses import replace

import keras
import numpy as np
from scipy.sparse import diags
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from app.repository.manifest import TextSettings
from app.types import Array
from scripts.training.architectures.ngrams import NGRAMS, HashedNgrams, empty_table
from scripts.training.buckets import count_tokens
from scripts.training.crops import as_served, crops_of
from scripts.training.examples import Examples, Material
from scripts.training.ngrams.choice import Chosen, choose
from scripts.training.ngrams.combining import combine
from scripts.training.ngrams.counting import counts_of, runs_of
from scripts.training.recipe import Ngrams, Recipe

logger = logging.getLogger(__name__)

MOST_STEPS = 30
"""L-BFGS is stopped here: later steps only fit the training rows more closely."""


def fit_ngrams(recipe: Recipe, model: keras.Model, material: Material) -> None:
    """Fill the trained model's n-gram table, and weigh table and network against each other on the validation rows.

    Does nothing for a recipe without `[ngrams]`.
    """
    if recipe.ngrams is None or recipe.text is None:
        return
    layer = model.get_layer(NGRAMS)
    rows = len(material.parts.training.targets)
    texts = in_full_and_in_part(recipe, recipe.text, material.training.at(slice(rows)))
    contrasts = material.training.at(slice(rows, rows + material.contrasts))
    contrasts = replace(contrasts, inputs=as_served(recipe.text, contrasts.inputs))
    chosen = _choose(recipe.ngrams, layer, texts.at(slice(rows)))
    weights = _weigh(recipe.ngrams, layer.vocabulary_size, chosen, texts, contrasts)
    table = empty_table(layer.vocabulary_size, layer.slots)
    table[chosen.places] = np.column_stack([chosen.fingerprints, weights])
    layer.fill(table)
    logger.info("%d n-grams of %d rows and %d contrasts", len(chosen.keys), rows, material.contrasts)
    combine(model, in_full_and_in_part(recipe, recipe.text, material.validation), recipe.buckets)


def in_full_and_in_part(recipe: Recipe, text: TextSettings, examples: Examples) -> Examples:
    """Texts as serving cuts them and, after them, a part of each as training draws it."""
    whole, draw = as_served(text, examples.inputs), crops_of(recipe)
    if draw is None:
        return replace(examples, inputs=whole)
    crops = draw(count_tokens(examples.inputs), np.random.default_rng(recipe.fit.seed))
    parts = crops.take(np.arange(len(examples.inputs)), examples.inputs, text.length)
    return Examples(np.concatenate([whole, parts]), np.concatenate([examples.targets] * 2))


def _choose(settings: Ngrams, layer: HashedNgrams, texts: Examples) -> Chosen:
    runs = runs_of(texts.inputs, layer.vocabulary_size)
    return choose(runs, _labels(texts), layer, settings.min_rows)


def _weigh(settings: Ngrams, vocabulary_size: int, chosen: Chosen, texts: Examples, contrasts: Examples) -> Array:
    """The chosen n-grams' weights (n,), by a logistic regression on their counts times their ratios.

    Without an intercept, for which the table has no place. Weights that suited whole texts alone would be too small for
    short ones, and such as suited all contrasts fully would be too small for whole texts.
    """
    inputs = np.concatenate([texts.inputs, contrasts.inputs])
    counts = counts_of(runs_of(inputs, vocabulary_size), chosen.keys, len(inputs))
    importance = np.repeat([1.0, settings.contrast_weight], [len(texts.inputs), len(contrasts.inputs)])
    regression = LogisticRegression(C=settings.strength, fit_intercept=False, solver="lbfgs", max_iter=MOST_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        scaled = (counts @ diags(chosen.ratios)).tocsr()
        regression.fit(scaled, np.concatenate([_labels(texts), _labels(contrasts)]), sample_weight=importance)
    return np.asarray(regression.coef_[0] * chosen.ratios, np.float32)


def _labels(examples: Examples) -> Array:
    return examples.targets.reshape(-1).astype(np.int64)
