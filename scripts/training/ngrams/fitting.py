"""The n-grams' weights, fitted to the training rows and put together with what the network says."""

import logging
import warnings

import keras
import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from app.repository.manifest import TextSettings
from app.types import Array
from scripts.training.architectures.ngrams import NGRAMS, HashedNgrams, empty_table
from scripts.training.buckets import count_tokens
from scripts.training.crops import crops_of, served
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
    rows = len((material.training if recipe.ngrams.further_rows else material.parts.training).targets)
    learnt = Examples(material.training.inputs[:rows], material.training.targets[:rows])
    chosen, weights = _weigh(recipe.ngrams, layer, rows, in_full_and_in_part(recipe, recipe.text, learnt))
    table = empty_table(layer.vocabulary_size, layer.slots)
    table[chosen.places] = np.column_stack([chosen.fingerprints, weights])
    layer.fill(table)
    logger.info("%d n-grams of %d rows", len(chosen.keys), rows)
    combine(model, in_full_and_in_part(recipe, recipe.text, material.validation), recipe.buckets)


def in_full_and_in_part(recipe: Recipe, text: TextSettings, examples: Examples) -> Examples:
    """Texts as serving cuts them and, after them, a part of each as training draws it."""
    tokens, draw = count_tokens(examples.inputs), crops_of(recipe)
    ways = [served(text, tokens)]
    if draw is not None:
        ways.append(draw(tokens, np.random.default_rng(recipe.fit.seed)))
    rows = np.arange(len(examples.inputs))
    inputs = np.concatenate([crops.take(rows, examples.inputs, text.length) for crops in ways])
    return Examples(inputs, np.concatenate([examples.targets] * len(ways)))


def _weigh(settings: Ngrams, layer: HashedNgrams, whole: int, texts: Examples) -> tuple[Chosen, Array]:
    """The n-grams that the first `whole` of the texts choose, and the weights (n,) that suit all of them.

    Weights that suited whole texts alone would be too small for short ones.
    """
    opinions = texts.targets.reshape(-1)
    targets = np.rint(opinions).astype(np.int64)
    chosen = choose(runs_of(texts.inputs[:whole], layer.vocabulary_size), targets[:whole], layer, settings.min_rows)
    counts = counts_of(runs_of(texts.inputs, layer.vocabulary_size), chosen.keys, len(targets))
    return chosen, _regress(counts, opinions, chosen.ratios, settings.strength)


def _regress(counts: csr_matrix, opinions: Array, ratios: Array, strength: float) -> Array:
    """Logistic regression on the counts times the ratios, as weights (columns,) of the counts themselves.

    A row counts by how sure its opinion, from 0 to 1, is of a label. Without an intercept, for which the table has no
    place.
    """
    regression = LogisticRegression(C=strength, fit_intercept=False, solver="lbfgs", max_iter=MOST_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        scaled = (counts @ diags(ratios)).tocsr()
        regression.fit(scaled, np.rint(opinions), sample_weight=np.abs(2 * opinions - 1))
    return np.asarray(regression.coef_[0] * ratios, np.float32)
