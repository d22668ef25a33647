"""The classification extension of the Open Inference Protocol: the k largest values of each row, with their places.

After triton-inference-server/server, docs/protocol/extension_classification.md.
"""

import math
from collections.abc import Sequence

import numpy as np

from app.errors import InputInvalid
from app.types import Array


def classes_of(array: Array, count: int, labels: Sequence[str], pointer: str) -> Array:
    """For each row at most `count` strings `value:place` or `value:place:label`, the largest value first.

    `labels` name the places where there are as many. Raises `InputInvalid` for strings, and a count below 1.
    """
    if count < 1:
        raise InputInvalid.at(pointer, "a classification of at least 1", str(count))
    if array.dtype.kind not in "fiub":
        raise InputInvalid.at(pointer, "an output of numbers for a classification", "strings")
    rows = array.reshape(len(array), math.prod(array.shape[1:]))
    places = np.argsort(-rows.astype(np.float64), axis=1, kind="stable")[:, :count]
    names = [f":{label}" for label in labels] if len(labels) == rows.shape[1] else [""] * rows.shape[1]
    classes = np.empty(places.shape, object)
    for row, place in np.ndindex(*places.shape):
        which = places[row, place]
        classes[row, place] = f"{float(rows[row, which]):f}:{which}{names[which]}"
    return classes
