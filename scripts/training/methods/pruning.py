"""Weights that become zero while the model learns to do without them.

Our own few lines, as tensorflow-model-optimization wraps the layers of Keras 2 and does not know those of Keras 3.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from app.types import Array
from scripts.training.progress import SPARSITY
from scripts.training.recipe import Pruning


class Prune(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the smallest weights at zero, ever more of them, and writes the share of zeros asked for among the figures.

    A resumed run takes the weights that are zero for those chosen last.
    """

    def __init__(self, settings: Pruning, steps_per_epoch: int) -> None:
        super().__init__()
        self._settings = settings
        self._steps = steps_per_epoch
        self._weights: list[Any] = []
        self._masks: list[tf.Variable] = []

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Take the model's kernels and embeddings."""
        self._weights = prunable(self.model)
        values = [keras.ops.convert_to_numpy(weight) for weight in self._weights]
        is_new = self._target() == 0
        masks = [np.ones_like(value) if is_new else (value != 0).astype(value.dtype) for value in values]
        # Once, for the compiled step holds on to its variables.
        self._masks = self._masks or [tf.Variable(mask) for mask in masks]
        for variable, mask in zip(self._masks, masks, strict=True):
            variable.assign(mask)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Choose anew where it is time, and put what is chosen back to zero."""
        target = self._target()
        if not target:
            return
        step = int(self.model.optimizer.iterations)
        if step % self._settings.every == 0 or step % self._steps == 0:
            for weight, mask in zip(self._weights, self._masks, strict=True):
                mask.assign(largest(keras.ops.convert_to_numpy(weight), 1 - target))
        self._apply()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Tell the share, by which epochs of the full one are known."""
        if logs is not None:
            logs[SPARSITY] = self._target()

    @tf.function  # type: ignore[untyped-decorator]
    def _apply(self) -> None:
        for weight, mask in zip(self._weights, self._masks, strict=True):
            weight.assign(weight * mask)

    def _target(self) -> float:
        return sparsity_at(self._settings, int(self.model.optimizer.iterations) / self._steps)


def sparsity_at(settings: Pruning, epochs: float) -> float:
    """The share of zeros after so many epochs: s · (1 - (1 - t)³), t rising from 0 at `begin` to 1 at `end`."""
    passed = (epochs - settings.begin) / (settings.end - settings.begin)
    return float(settings.sparsity * (1 - (1 - min(max(passed, 0.0), 1.0)) ** 3))


def largest(values: Array, share: float) -> Array:
    """1.0 where one of the largest `share` of the values stands, by their magnitude, 0.0 elsewhere."""
    magnitudes = np.abs(values).reshape(-1)
    dropped = round((1 - share) * magnitudes.size)
    mask = np.ones(magnitudes.size, values.dtype)
    mask[np.argpartition(magnitudes, dropped - 1)[:dropped] if dropped else []] = 0
    return mask.reshape(values.shape)


def prunable(model: keras.Model) -> list[Any]:
    """The weights that count: kernels and embeddings, all that are trained and have two dimensions or more."""
    return [weight for weight in model.trainable_variables if len(weight.shape) >= 2]


def pruned_figures(model: keras.Model) -> dict[str, float]:
    """The share of zeros among the weights that count, and all weights' bytes, also after deflate."""
    weights = [keras.ops.convert_to_numpy(weight) for weight in prunable(model)]
    zeros = sum(int((weight == 0).sum()) for weight in weights)
    everything = _bytes([keras.ops.convert_to_numpy(weight) for weight in model.weights])
    return {
        "sparsity": zeros / sum(weight.size for weight in weights),
        "bytes": len(everything),
        "compressed_bytes": len(zlib.compress(everything, 9)),
    }


def _bytes(weights: Sequence[Array]) -> bytes:
    return b"".join(np.ascontiguousarray(weight).tobytes() for weight in weights)
