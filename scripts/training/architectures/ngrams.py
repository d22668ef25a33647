"""Weights of words and of runs of words, found in the graph itself by hashing token ids."""

from typing import Any

import keras
import numpy as np

from app.types import Array

NGRAMS = "ngrams"
"""The layer's name in every model that has one."""

LONGEST = 3
"""Runs of one, two and three tokens."""

FINGERPRINTS = 2**22
"""So many different codes a token has for a run's fingerprint; three of them add up to an exact float32."""

EMPTY = -1.0
"""The fingerprint of a slot that no run has."""

EVIDENCE = 2
"""So many of the last layer's features are the n-grams', the last of them."""

SHORT = 20.0
"""A text of so many tokens has half of the evidence of short texts."""


@keras.saving.register_keras_serializable(package="horngate")
class HashedNgrams(keras.layers.Layer):  # type: ignore[misc]
    """Ids (rows, length) to the sum of the weights of all their runs of one to three tokens (rows, 1).

    A single token's weight stands in the table's row of its id, a run's in the slot that it hashes to, with a
    fingerprint: a run that the table does not know finds another's, and adds nothing. Hashing is by tabulation (Carter
    and Wegman 1979): random codes of the tokens, by position, are added modulo `slots`. All of it is addition and
    comparison of whole numbers below 2**24, which every runtime does exactly in float32. Until `fill` all weights are
    zero; training moves none of them.
    """

    def __init__(self, vocabulary_size: int, slots: int, **options: Any) -> None:
        super().__init__(**{"dtype": "float32", "name": NGRAMS, "trainable": False, **options})
        self.vocabulary_size = vocabulary_size
        self.slots = slots

    def build(self, _: Any) -> None:
        """Make the tokens' codes, the same in every process, and an empty table."""
        self.codes = self.add_weight(shape=(self.vocabulary_size, 2 * LONGEST), initializer="zeros", name="codes")
        self.table = self.add_weight(shape=(self.vocabulary_size + self.slots, 2), initializer="zeros", name="table")
        self.codes.assign(_codes(self.vocabulary_size, self.slots))
        self.table.assign(empty_table(self.vocabulary_size, self.slots))
        self.built = True

    def call(self, tokens: Any) -> Any:
        """Look every run up and add the weights of those that are known."""
        places, fingerprints = self.addresses(tokens)
        found = keras.ops.take(self.table, places, axis=0)
        is_known = keras.ops.cast(keras.ops.equal(found[..., 0], fingerprints), "float32")
        return keras.ops.sum(found[..., 1] * is_known, axis=1, keepdims=True)

    def addresses(self, tokens: Any) -> tuple[Any, Any]:
        """Rows of the table int32 and fingerprints float32, each (rows, 3 × length − 3).

        First those of the single tokens, then those of the pairs, last those of the triples, each in the text's order.
        """
        codes = keras.ops.take(self.codes, tokens, axis=0)
        pairs = self._wrapped(codes[:, :-1, 0] + codes[:, 1:, 1])
        triples = self._wrapped(pairs[:, :-1] + codes[:, 2:, 2])
        of_pairs = codes[:, :-1, 3] + codes[:, 1:, 4]
        of_triples = of_pairs[:, :-1] + codes[:, 2:, 5]
        hashed = keras.ops.cast(keras.ops.concatenate([pairs, triples], axis=1), "int32") + self.vocabulary_size
        places = keras.ops.concatenate([keras.ops.cast(tokens, "int32"), hashed], axis=1)
        own = keras.ops.cast(tokens, "float32") * 0
        return places, keras.ops.concatenate([own, of_pairs, of_triples], axis=1)

    def fill(self, table: Array) -> None:
        """Take the fingerprints and weights (vocabulary + slots, 2)."""
        self.table.assign(table)

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again, without its weights."""
        return {**super().get_config(), "vocabulary_size": self.vocabulary_size, "slots": self.slots}

    def _wrapped(self, sums: Any) -> Any:
        """Sums of two numbers below `slots`, modulo `slots`."""
        return sums - self.slots * keras.ops.cast(sums >= self.slots, "float32")


@keras.saving.register_keras_serializable(package="horngate")
class Evidence(keras.layers.Layer):  # type: ignore[misc]
    """Sums (rows, 1) and presence (rows, length) to what the n-grams prove, and that of short texts again (rows, 2).

    First sign(sum) · log(1 + |sum|): a long text has many n-grams that say the same, and their sum grows faster than
    what it proves. Then the same over 1 + tokens / 20: in a few words each says more than in a long text.
    """

    def call(self, sums: Any, presence: Any) -> Any:
        """Shorten what is far from zero, and weigh it by the text's length."""
        proven = keras.ops.sign(sums) * keras.ops.log(1.0 + keras.ops.abs(sums))
        tokens = keras.ops.sum(presence, axis=1, keepdims=True)
        return keras.ops.concatenate([proven, proven / (1.0 + tokens / SHORT)], axis=1)


def empty_table(vocabulary_size: int, slots: int) -> Array:
    """A table whose words weigh nothing and whose slots are nobody's."""
    table = np.zeros((vocabulary_size + slots, 2), np.float32)
    table[vocabulary_size:, 0] = EMPTY
    return table


def _codes(vocabulary_size: int, slots: int) -> Array:
    """Each token's three codes for slots and three for fingerprints, one of each for first, second and third place."""
    random = np.random.default_rng(0)
    places = random.integers(0, slots, (vocabulary_size, LONGEST))
    fingerprints = random.integers(0, FINGERPRINTS, (vocabulary_size, LONGEST))
    return np.hstack([places, fingerprints]).astype(np.float32)
