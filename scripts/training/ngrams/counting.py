"""Runs of one to three tokens in texts, each with an exact number of its own."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from app.processing.text import PADDING_ID
from app.types import Array
from scripts.training.architectures.ngrams import LONGEST


@dataclass(frozen=True, slots=True)
class Runs:
    """Every run of every text: the number of its `rows` and its key `keys`, both (runs,) int64."""

    rows: Array
    keys: Array


def runs_of(inputs: Array, vocabulary_size: int) -> Runs:
    """All runs in texts (rows, length) padded in front, longer ones after shorter ones."""
    present = inputs != PADDING_ID
    rows, tokens = np.repeat(np.arange(len(inputs)), present.sum(axis=1)), inputs[present].astype(np.int64)
    all_rows, all_keys, keys = [rows], [tokens], tokens
    for length in range(2, LONGEST + 1):
        last = length - 1
        keys = (keys[:-1] + 1) * vocabulary_size + tokens[last:]
        is_whole = rows[last:] == rows[:-last]
        all_rows.append(rows[last:][is_whole])
        all_keys.append(keys[is_whole])
    return Runs(np.concatenate(all_rows), np.concatenate(all_keys))


def tokens_of(keys: Array, vocabulary_size: int) -> Array:
    """The tokens of such keys (runs,), (runs, 3) int32, padded in front."""
    tokens = np.zeros((len(keys), LONGEST), np.int32)
    left = keys.copy()
    for place in range(LONGEST - 1, -1, -1):
        is_left = left >= 0
        tokens[is_left, place] = left[is_left] % vocabulary_size
        left = np.where(is_left, left // vocabulary_size - 1, left)
    return tokens


def counts_of(runs: Runs, known: Array, rows: int) -> csr_matrix:
    """How often each of the `rows` texts has each of the rising keys `known`, (rows, known) float32."""
    columns = np.minimum(np.searchsorted(known, runs.keys), len(known) - 1)
    is_known = known[columns] == runs.keys
    ones = np.ones(int(is_known.sum()), np.float32)
    # Made from coordinates, which adds up those that come twice.
    return csr_matrix((ones, (runs.rows[is_known], columns[is_known])), shape=(rows, len(known)))
