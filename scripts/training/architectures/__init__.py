"""The models in Keras 3, one module per architecture; each takes sizes and gives an uncompiled `keras.Model`."""

import keras

from scripts.training.architectures.cnn import build_cnn
from scripts.training.architectures.encoder import build_encoder
from scripts.training.architectures.layers import input_length, token_input
from scripts.training.architectures.lstm import build_lstm
from scripts.training.architectures.pooling import build_pooling
from scripts.training.architectures.transformer import build_transformer
from scripts.training.recipe import Cnn, Encoder, Lstm, Pooling, Recipe, RecipeInvalid


def build(recipe: Recipe, vocabulary_size: int, labels: int) -> keras.Model:
    """The recipe's model for a vocabulary of that many ids (unused for images) and that many labels.

    Text models take `tokens` (rows, length) int32, of any length where there are several buckets, the CNN `pixels`
    (rows, 28, 28, 1) float32; the output `probabilities` is (rows, 1) for the sentiment task and (rows, labels) for the
    others.
    """
    outputs = 1 if recipe.task == "sentiment" else labels
    architecture = recipe.architecture
    if isinstance(architecture, Cnn):
        return build_cnn(architecture, outputs)
    if recipe.text is None:
        raise RecipeInvalid(f"architecture {architecture.kind!r} needs [text]")
    tokens = token_input(input_length(recipe))
    if isinstance(architecture, Encoder):
        return build_encoder(architecture, tokens, recipe.text.length, outputs)
    if isinstance(architecture, Lstm):
        return build_lstm(architecture, tokens, vocabulary_size, outputs, recipe.ngrams)
    if isinstance(architecture, Pooling):
        return build_pooling(architecture, tokens, vocabulary_size, outputs)
    return build_transformer(architecture, tokens, vocabulary_size, recipe.text.length, outputs)
