"""The pretrained sentence encoder as a classifier: a teacher, too big to be served."""

from collections.abc import Mapping
from typing import Any

import keras
from tokenizers import Tokenizer

from app.processing.text import PADDING_ID
from app.types import Array
from scripts.training.architectures.layers import PresentAverage, TokenPresence, probabilities
from scripts.training.architectures.pretrained import (
    EncoderSizes,
    encoder_folder,
    read_sizes,
    read_tokenizer,
    read_weights,
)
from scripts.training.recipe import Encoder, RecipeInvalid

FIRST, LAST = "[CLS]", "[SEP]"
EMBEDDINGS = "embeddings"


@keras.saving.register_keras_serializable(package="horngate")
class Framed(keras.layers.Layer):  # type: ignore[misc]
    """Ids (rows, length) to (rows, length + 2): the encoder's first token before the padding, its last at the end."""

    def __init__(self, first: int, last: int, **options: Any) -> None:
        super().__init__(**options)
        self.ids = {"first": first, "last": last}

    def call(self, tokens: Any) -> Any:
        """Put a column on each side."""
        column = keras.ops.ones_like(tokens[:, :1])
        return keras.ops.concatenate([column * self.ids["first"], tokens, column * self.ids["last"]], axis=1)

    def get_config(self) -> dict[str, Any]:
        """What Keras saves of the layer."""
        return {**super().get_config(), **self.ids}


@keras.saving.register_keras_serializable(package="horngate")
class WordAndPlace(keras.layers.Layer):  # type: ignore[misc]
    """Ids (rows, length) to vectors (rows, length, size): the token's plus its place's, padding not counted."""

    def __init__(self, vocabulary_size: int, places: int, size: int, **options: Any) -> None:
        super().__init__(**options)
        self.sizes = {"vocabulary_size": vocabulary_size, "places": places, "size": size}
        self.words = keras.layers.Embedding(vocabulary_size, size, name="words")
        self.places = keras.layers.Embedding(places, size, name="places")

    def build(self, shape: Any) -> None:
        """Make both tables."""
        self.words.build(shape)
        self.places.build(shape)

    def call(self, tokens: Any) -> Any:
        """Look both up and add them."""
        is_present = keras.ops.cast(keras.ops.not_equal(tokens, PADDING_ID), "int32")
        place = keras.ops.maximum(keras.ops.cumsum(is_present, axis=1) - 1, 0)
        return self.words(tokens) + self.places(place)

    def get_config(self) -> dict[str, Any]:
        """What Keras saves of the layer."""
        return {**super().get_config(), **self.sizes}


def build_encoder(recipe: Encoder, tokens: Any, length: int, outputs: int) -> keras.Model:
    """BERT's encoder (Devlin et al. 2019) with a package's weights, the average over a text's tokens, the last layer.

    Of the encoder only the last `tuned_blocks` blocks learn and drop. Raises `RecipeInvalid` where the package does
    not suit, or has no place for texts of `length` tokens.
    """
    folder = encoder_folder(recipe.package)
    sizes, tokenizer = read_sizes(folder), read_tokenizer(folder)
    if length + 2 > sizes.max_position_embeddings:
        raise RecipeInvalid(f"text.length: expected at most {sizes.max_position_embeddings - 2}; received {length}")
    framed = Framed(*_frame(tokenizer), name="framed")(tokens)
    presence = TokenPresence(dtype="float32", name="presence")(framed)
    vectors = WordAndPlace(sizes.vocab_size, sizes.max_position_embeddings, sizes.hidden_size, name=EMBEDDINGS)(framed)
    vectors = _normalisation(sizes, f"{EMBEDDINGS}_normalisation")(vectors)
    mask = keras.ops.expand_dims(presence, axis=1)
    fixed = max(sizes.num_hidden_layers - recipe.tuned_blocks, 0)
    for number in range(sizes.num_hidden_layers):
        vectors = _block(vectors, mask, sizes, number, recipe.dropout if number >= fixed else 0.0)
    average = PresentAverage(dtype="float32", name="average")(vectors, presence)
    features = keras.layers.Dropout(recipe.dropout, dtype="float32", name="dropout")(average)
    model = keras.Model(tokens, probabilities(features, outputs), name="encoder")
    _set_weights(model, sizes, read_weights(folder, recipe.sha256))
    _fix(model, fixed)
    return model


def _frame(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids of the tokens that stand before and after every text."""
    first, last = (tokenizer.token_to_id(name) for name in (FIRST, LAST))
    if first is None or last is None:
        raise RecipeInvalid(f"expected {FIRST} and {LAST} in the encoder's vocabulary; received {first} and {last}")
    return first, last


def _normalisation(sizes: EncoderSizes, name: str) -> keras.layers.Layer:
    return keras.layers.LayerNormalization(epsilon=sizes.layer_norm_eps, dtype="float32", name=name)


def _block(vectors: Any, mask: Any, sizes: EncoderSizes, number: int, dropout: float) -> Any:
    """One block: attention, then a feed-forward layer, each added to what came in and normalised afterwards.

    With a mixed precision only the products are in 16 bits: between them processors are faster with float32.
    """
    layers, heads, size = keras.layers, sizes.num_attention_heads, sizes.hidden_size
    attention = layers.MultiHeadAttention(heads, size // heads, dropout=dropout, name=f"attention_{number}")
    attended = layers.Dropout(dropout, dtype="float32", name=f"attention_dropout_{number}")(
        attention(vectors, vectors, attention_mask=mask)
    )
    vectors = _normalisation(sizes, f"attention_normalisation_{number}")(vectors + attended)
    hidden = layers.Dense(sizes.intermediate_size, name=f"expansion_{number}")(vectors)
    hidden = keras.ops.gelu(keras.ops.cast(hidden, "float32"), approximate=False)
    hidden = layers.Dense(size, name=f"contraction_{number}")(hidden)
    hidden = layers.Dropout(dropout, dtype="float32", name=f"output_dropout_{number}")(hidden)
    return _normalisation(sizes, f"output_normalisation_{number}")(vectors + hidden)


def _fix(model: keras.Model, blocks: int) -> None:
    """Keep the embeddings and the first so many blocks from learning."""
    fixed = {EMBEDDINGS, f"{EMBEDDINGS}_normalisation"}
    parts = ("attention", "attention_normalisation", "expansion", "contraction", "output_normalisation")
    fixed |= {f"{part}_{number}" for part in parts for number in range(blocks)}
    for name in fixed:
        model.get_layer(name).trainable = False


def _set_weights(model: keras.Model, sizes: EncoderSizes, tensors: Mapping[str, Array]) -> None:
    """Give the layers the package's weights; a text is all of BERT's first segment, whose vector joins the places'."""

    def put(layer: str, *weights: Array) -> None:
        model.get_layer(layer).set_weights(list(weights))

    def normalisation(name: str) -> tuple[Array, Array]:
        return tensors[f"{name}.LayerNorm.weight"], tensors[f"{name}.LayerNorm.bias"]

    def dense(name: str) -> tuple[Array, Array]:
        return tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]

    places, segments = (tensors[f"embeddings.{name}_embeddings.weight"] for name in ("position", "token_type"))
    put(EMBEDDINGS, tensors["embeddings.word_embeddings.weight"], places + segments[0])
    put(f"{EMBEDDINGS}_normalisation", *normalisation("embeddings"))
    for number in range(sizes.num_hidden_layers):
        block = f"encoder.layer.{number}"
        put(f"attention_{number}", *_attention_weights(tensors, f"{block}.attention", sizes))
        put(f"attention_normalisation_{number}", *normalisation(f"{block}.attention.output"))
        put(f"expansion_{number}", *dense(f"{block}.intermediate.dense"))
        put(f"contraction_{number}", *dense(f"{block}.output.dense"))
        put(f"output_normalisation_{number}", *normalisation(f"{block}.output"))


def _attention_weights(tensors: Mapping[str, Array], name: str, sizes: EncoderSizes) -> list[Array]:
    """Kernel and bias of query, key, value and output, in the order and shapes of Keras's layer."""
    size, heads = sizes.hidden_size, sizes.num_attention_heads
    weights: list[Array] = []
    for part in ("query", "key", "value"):
        weights.append(tensors[f"{name}.self.{part}.weight"].T.reshape(size, heads, size // heads))
        weights.append(tensors[f"{name}.self.{part}.bias"].reshape(heads, size // heads))
    weights.append(tensors[f"{name}.output.dense.weight"].T.reshape(heads, size // heads, size))
    weights.append(tensors[f"{name}.output.dense.bias"])
    return weights
