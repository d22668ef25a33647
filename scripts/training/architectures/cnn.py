"""The digit CNN."""

import keras

from scripts.training.architectures.layers import PIXELS, probabilities
from scripts.training.recipe import Cnn


def build_cnn(sizes: Cnn, outputs: int) -> keras.Model:
    """Blocks of 3×3 convolutions, a 2×2 pooling between and batch normalisation behind them, and the last layer."""
    pixels = keras.Input((28, 28, 1), name=PIXELS)
    maps = pixels
    for number, block in enumerate(sizes.filters, 1):
        for place, filters in enumerate(block, 1):
            convolution = keras.layers.Conv2D(
                filters, 3, activation="relu", kernel_initializer="he_normal", name=f"convolution_{number}_{place}"
            )
            maps = convolution(maps)
        if number < len(sizes.filters):
            maps = keras.layers.MaxPooling2D(2, name=f"pooling_{number}")(maps)
        maps = keras.layers.BatchNormalization(name=f"normalisation_{number}")(maps)
    features = keras.layers.Flatten(name="flatten")(maps)
    features = keras.layers.Dropout(sizes.dropout, name="dropout")(features)
    return keras.Model(pixels, probabilities(features, outputs), name="cnn")
