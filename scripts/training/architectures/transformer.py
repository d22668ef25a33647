"""The Transformer text classifier."""

from typing import Any

import keras

from scripts.training.architectures.layers import PresentAverage, TokenPresence, probabilities
from scripts.training.recipe import Transformer


@keras.saving.register_keras_serializable(package="horngate")
class TokenAndPosition(keras.layers.Layer):  # type: ignore[misc]
    """Ids (rows, up to `length`) to (…, size): a learnt vector per token plus one per position.

    Positions count from the last token, so that padding in front does not move a text's words.
    """

    def __init__(self, vocabulary_size: int, length: int, size: int, **options: Any) -> None:
        super().__init__(**options)
        self.sizes = {"vocabulary_size": vocabulary_size, "length": length, "size": size}
        self.tokens = keras.layers.Embedding(vocabulary_size, size, name="tokens")
        self.positions = keras.layers.Embedding(length, size, name="positions")

    def build(self, shape: Any) -> None:
        """Make both tables."""
        self.tokens.build(shape)
        self.positions.build((self.sizes["length"],))

    def call(self, tokens: Any) -> Any:
        """Look both up and add them."""
        length = self.sizes["length"]
        return self.tokens(tokens) + self.positions(keras.ops.arange(length - keras.ops.shape(tokens)[1], length))

    def get_config(self) -> dict[str, Any]:
        """What Keras saves of the layer."""
        return {**super().get_config(), **self.sizes}


def build_transformer(sizes: Transformer, tokens: Any, vocabulary_size: int, length: int, outputs: int) -> keras.Model:
    """Token and position embedding, self-attention blocks, the average over the tokens, and the last layer.

    The blocks are the encoder's of Vaswani et al., "Attention Is All You Need" (2017), normalised before each part.
    No position attends to padding: the mask (rows, 1, length) is computed from the ids, inside the model.
    """
    presence = TokenPresence(name="presence")(tokens)
    vectors = TokenAndPosition(vocabulary_size, length, sizes.embedding, name="embedding")(tokens)
    vectors = keras.layers.Dropout(sizes.dropout, name="embedding_dropout")(vectors)
    mask = keras.ops.expand_dims(presence, axis=1)
    for number in range(1, sizes.blocks + 1):
        vectors = _block(vectors, mask, sizes, number)
    vectors = keras.layers.LayerNormalization(name="normalisation")(vectors)
    features = keras.layers.Dropout(sizes.dropout, name="dropout")(PresentAverage(name="average")(vectors, presence))
    return keras.Model(tokens, probabilities(features, outputs), name="transformer")


def _block(vectors: Any, mask: Any, sizes: Transformer, number: int) -> Any:
    """One encoder block: attention, then a feed-forward layer, each added to what came in."""
    layers = keras.layers
    normalised = layers.LayerNormalization(name=f"attention_normalisation_{number}")(vectors)
    attention = layers.MultiHeadAttention(
        sizes.heads, sizes.embedding // sizes.heads, dropout=sizes.dropout, name=f"attention_{number}"
    )
    vectors = vectors + attention(normalised, normalised, attention_mask=mask)
    normalised = layers.LayerNormalization(name=f"feed_forward_normalisation_{number}")(vectors)
    hidden = layers.Dense(sizes.feed_forward, activation="relu", name=f"expansion_{number}")(normalised)
    hidden = layers.Dense(sizes.embedding, name=f"contraction_{number}")(hidden)
    return vectors + layers.Dropout(sizes.dropout, name=f"feed_forward_dropout_{number}")(hidden)
