"""TensorFlow's gradients along the rows that ids are looked up in; imported in a child process only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from app.errors import InputInvalid
from app.inference.runtimes.differentiation import scores_of
from app.inference.runtimes.gradients import Aims, packed
from app.processing.text import PADDING_ID
from app.types import Array, Signature, Tensors


class Lookup(NamedTuple):
    """What one input looks up in a table: the rows' places, in the lookups' order, and the way to them from padding's.

    Columns without any gradient hold no amounts but keys that are compared: along them there is no way (0).
    """

    table: Any
    places: Array
    own: Array
    way: Array


class ScaledTables:
    """A SavedModel whose looked up rows can stand between the padding's and their own.

    It is a copy that predicts nothing else: its variables change while it runs.
    """

    def __init__(self, folder: Path, name: str, signature: Signature) -> None:
        self._signature = signature
        # The signature's function does not keep the variables alive; the model does.
        self._model = tf.saved_model.load(str(folder))
        self._function = self._model.signatures[name]
        tables = [variable for variable in self._function.variables if variable.dtype.is_floating]
        self._tables = sorted(tables, key=lambda table: str(table.name))

    def differentiated(self, inputs: Tensors, shares: Array, asked: Array) -> dict[str, Array]:
        """The outputs for `inputs` with their looked up rows at `shares` (rows,), and for each lookup, table by table,
        the gradient along the way: packed into the output that it is of. Raises `InputInvalid` where nothing is looked
        up.
        """
        found: dict[bytes, list[Lookup]] = {}
        rows = []
        for place, share in enumerate(shares.tolist()):
            one = {name: array[place : place + 1] for name, array in inputs.items()}
            aims = Aims.of(asked[place : place + 1], self._signature)
            key = b"".join(array.tobytes() for array in one.values())
            if key not in found:
                found[key] = self._lookups(one, aims)
            rows.append(self._one(one, share, aims, found[key]))
        return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}

    def _lookups(self, inputs: Tensors, aims: Aims) -> list[Lookup]:
        """What is looked up for one row."""
        _, gradients = self._gradients(inputs, aims)
        lookups = [_lookup(table, slices) for table, slices in gradients]
        if not lookups:
            raise InputInvalid.at("", "a model that looks its ids up in tables", "one without such gradients")
        found = [_only(lookup, slices) for lookup, (_, slices) in zip(lookups, gradients, strict=True)]
        if any(lookup.way.any() for lookup in found):
            return found
        # A score that is certain has no gradient: back from its end, where keys that went along no longer match.
        vectors = self._back(inputs, aims, lookups, lookups)
        amounts = self._back(inputs, aims, lookups, vectors)
        return [
            lookup._replace(way=np.where(other.way, other.way, lookup.way))
            for lookup, other in zip(vectors, amounts, strict=True)
        ]

    def _back(self, inputs: Tensors, aims: Aims, lookups: list[Lookup], scaled: list[Lookup]) -> list[Lookup]:
        """The lookups with the way along the columns that have gradients where `scaled` are at the padding's."""
        with _scaled(scaled, 0.0):
            _, gradients = self._gradients(inputs, aims)
        return [_only(lookup, slices) for lookup, (_, slices) in zip(lookups, gradients, strict=True)]

    def _one(self, inputs: Tensors, share: float, aims: Aims, lookups: list[Lookup]) -> dict[str, Array]:
        """One row's outputs, with what is asked for."""
        with _scaled(lookups, share):
            outputs, gradients = self._gradients(inputs, aims)
        along = [
            (_flat(slices) * lookup.way).sum(axis=1)[np.newaxis]
            for lookup, (_, slices) in zip(lookups, gradients, strict=True)
        ]
        return {**outputs, aims.output: packed(outputs[aims.output], along)}

    def _gradients(self, inputs: Tensors, aims: Aims) -> tuple[Mapping[str, Array], list[tuple[Any, Any]]]:
        """The outputs, and each table that something is looked up in, with the gradient along what is."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self._tables)
            outputs = self._function(**{name: tf.constant(array) for name, array in inputs.items()})
            scores = scores_of(tf.reshape(outputs[aims.output], (1, -1)), aims)
        gradients = zip(self._tables, tape.gradient(scores, self._tables), strict=True)
        return (
            {name: value.numpy() for name, value in outputs.items()},
            [(table, slices) for table, slices in gradients if isinstance(slices, tf.IndexedSlices)],
        )


def _flat(slices: Any) -> Array:
    """The gradient along each looked up row (lookups, columns)."""
    values: Array = slices.values.numpy()
    return values.reshape(len(values), -1)


def _only(lookup: Lookup, slices: Any) -> Lookup:
    """The way along the columns with a gradient alone."""
    return lookup._replace(way=np.where(_flat(slices).any(axis=0), lookup.way, 0))


def _lookup(table: Any, slices: Any) -> Lookup:
    """What the gradient says was looked up, with the way along all columns."""
    places = slices.indices.numpy()
    own = tf.gather(table, places).numpy().reshape(len(places), -1)
    return Lookup(table, places, own, own - tf.gather(table, [PADDING_ID]).numpy().reshape(1, -1))


@contextmanager
def _scaled(lookups: list[Lookup], share: float) -> Iterator[None]:
    """The tables with the looked up rows at this share of the way, and as they were afterwards."""
    try:
        for lookup in lookups:
            _write(lookup, lookup.own - (1 - share) * lookup.way)
        yield
    finally:
        for lookup in lookups:
            _write(lookup, lookup.own)


def _write(lookup: Lookup, rows: Array) -> None:
    """Put rows where they were looked up."""
    shaped = rows.reshape(len(lookup.places), *lookup.table.shape[1:]).astype(lookup.own.dtype)
    lookup.table.scatter_update(tf.IndexedSlices(tf.constant(shaped), tf.constant(lookup.places)))
