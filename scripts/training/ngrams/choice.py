"""Which n-grams get a place in the table: of those that hash to one slot, the one that tells the labels apart best."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from app.types import Array
from scripts.training.architectures.ngrams import LONGEST, HashedNgrams
from scripts.training.ngrams.counting import Runs, counts_of, tokens_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """The n-grams with a place: rising `keys`, table row `places`, `fingerprints` and log-count `ratios`, (n,) each."""

    keys: Array
    places: Array
    fingerprints: Array
    ratios: Array


def choose(runs: Runs, targets: Array, layer: HashedNgrams, min_rows: int) -> Chosen:
    """Choose among the n-grams of texts with labels `targets` (rows,) of 0 and 1 that `min_rows` of them have."""
    keys, counts = np.unique(runs.keys, return_counts=True)
    keys = keys[counts >= min_rows]
    ratios, presence = log_count_ratios(counts_of(runs, keys, len(targets)), targets)
    # A ratio from many rows is worth more than the same from few.
    merits = np.where(presence >= min_rows, np.abs(ratios) * np.sqrt(presence), -1.0)
    places, fingerprints = _addresses(keys, layer)
    order = np.lexsort((-merits, places))
    is_first = np.ones(len(order), bool)
    is_first[1:] = places[order][1:] != places[order][:-1]
    best = np.sort(order[is_first & (merits[order] >= 0)])
    return Chosen(keys[best], places[best], fingerprints[best], ratios[best])


def log_count_ratios(counts: csr_matrix, targets: Array) -> tuple[Array, Array]:
    """Per column, log of its share of the rows labelled 1 over its share of the others; and how many rows have it.

    Both (columns,). Counts are taken as present or not, and smoothed by one row on each side.
    """
    present = counts.copy()
    present.data[:] = 1
    in_all = np.asarray(present.sum(axis=0)).ravel()
    in_positive = np.asarray(present[targets == 1].sum(axis=0)).ravel()
    positive = (in_positive + 1) / (np.sum(targets == 1) + 2)
    negative = (in_all - in_positive + 1) / (np.sum(targets == 0) + 2)
    return np.log(positive / negative).astype(np.float32), in_all


def _addresses(keys: Array, layer: HashedNgrams) -> tuple[Array, Array]:
    """The table's row and the fingerprint of each key (n,), as the graph itself will find them."""
    tokens = tokens_of(keys, layer.vocabulary_size)
    sizes = (tokens != 0).sum(axis=1)
    places, fingerprints = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.float32)
    for size in range(1, LONGEST + 1):
        own = sizes == size
        found = layer.addresses(tokens[own, LONGEST - size :])
        # The whole run is the longest of its own runs, the last of them.
        places[own], fingerprints[own] = (np.asarray(part)[:, -1] for part in found)
    return places, fingerprints
