"""The digit CNN."""

import keras

from scripts.training.architectures.layers import PIXELS, probabilities
from scripts.training.recipe import Cnn


def build_cnn(sizes: Cnn, outputs: int) -> keras.Model:
    """3×3 convolutions with a 2×2 pooling after each but the last, a dense layer, and the last layer."""
    pixels = keras.Input((28, 28, 1), name=PIXELS)
    maps = pixels
    for number, filters in enumerate(sizes.filters, 1):
        maps = keras.layers.Conv2D(filters, 3, activation="relu", name=f"convolution_{number}")(maps)
        if number < len(sizes.filters):
            maps = keras.layers.MaxPooling2D(2, name=f"pooling_{number}")(maps)
    features = keras.layers.Flatten(name="flatten")(maps)
    features = keras.layers.Dense(sizes.dense, activation="relu", name="dense")(features)
    features = keras.layers.Dropout(sizes.dropout, name="dropout")(features)
    return keras.Model(pixels, probabilities(features, outputs), name="cnn")
