"""What a run needs to go on exactly where it was, as one file that is there whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import keras
import numpy as np

from app.errors import HorngateError
from app.types import Array
from scripts.training.callbacks.averaging import WeightMean


class RunNotSaved(HorngateError):
    """The run's folder could not be written to; what was saved before is intact."""

    code = "run_not_saved"
    title = "The run could not be saved"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file under another name and then rename it: it is the old one or the new one, whenever the process ends.

    Raises `RunNotSaved` where the disk is full or the folder cannot be written to, and leaves nothing behind.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            write(file)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RunNotSaved(
            f"{path} could not be written: {error.strerror or error}; what was saved before is intact: make room, then "
            "go on with --resume, or export it with scripts.export"
        ) from error


def write_weights(model: keras.Model, path: Path) -> None:
    """The model's weights alone, in their order."""
    _write_arrays({"weights": model.weights}, path)


def read_weights(model: keras.Model, path: Path) -> None:
    """Put what `write_weights` wrote into a model of the same shape."""
    with np.load(path) as arrays:
        _assign(arrays, "weights", model.weights)


def write_state(model: keras.Model, mean: WeightMean, path: Path, *, within_epoch: bool = False) -> None:
    """Weights, optimiser, random generators, the mean of the weights and, within an epoch, its figures so far."""
    figures = {"figures": model.metrics_variables} if within_epoch else {}
    _write_arrays(_groups(model) | figures | {"mean": mean.state()}, path)


def read_state(model: keras.Model, mean: WeightMean, path: Path) -> None:
    """Put a compiled model into the state that `write_state` wrote, but for an epoch's figures: Keras resets them."""
    model.optimizer.build(model.trainable_variables)
    with np.load(path) as arrays:
        for name, variables in _groups(model).items():
            _assign(arrays, name, variables)
        mean.restore([arrays[name] for name in arrays.files if name.startswith("mean/")])


def add_figures(model: keras.Model, path: Path) -> None:
    """Add the sums behind the figures of the epoch that `write_state` stood in to those of the steps since."""
    with np.load(path) as arrays:
        for number, variable in enumerate(model.metrics_variables):
            variable.assign(keras.ops.convert_to_numpy(variable) + arrays[f"figures/{number:05}"])


def _groups(model: keras.Model) -> dict[str, Sequence[Any]]:
    """All variables that training changes; those of the random generators are what an LSTM's dropout draws from."""
    weights = {id(weight) for weight in model.weights}
    return {
        "weights": model.weights,
        "optimiser": model.optimizer.variables,
        "random": [variable for variable in model.variables if id(variable) not in weights],
    }


def _write_arrays(groups: Mapping[str, Sequence[Any]], path: Path) -> None:
    arrays: dict[str, Array] = {
        f"{name}/{number:05}": keras.ops.convert_to_numpy(value)
        for name, values in groups.items()
        for number, value in enumerate(values)
    }
    write_whole(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


def _assign(arrays: Mapping[str, Array], name: str, variables: Sequence[Any]) -> None:
    for number, variable in enumerate(variables):
        variable.assign(arrays[f"{name}/{number:05}"])
