"""What a run has reached, on disk after every epoch, so that a kill costs one epoch at most."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras

PROGRESS, BEST = "progress.json", "best.weights.h5"


@dataclass(frozen=True, slots=True)
class Progress:
    """The finished epochs' figures, the seconds that they took together, and the state after the last of them.

    `state` names the file of weights and optimiser; `random_states` are those of the layers that draw at random.
    """

    epochs: tuple[dict[str, float], ...] = ()
    seconds: float = 0.0
    state: str = ""
    random_states: tuple[list[int], ...] = ()

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss; 0 before the first."""
        losses = [epoch["val_loss"] for epoch in self.epochs]
        return losses.index(min(losses)) + 1 if losses else 0

    def has_stalled(self, patience: int) -> bool:
        """Whether the last `patience` epochs were no better than one before."""
        return len(self.epochs) - self.best_epoch >= patience


def read_progress(folder: Path) -> Progress:
    """What stands in the run's folder; nothing where it has not finished an epoch."""
    path = folder / PROGRESS
    if not path.is_file():
        return Progress()
    content = json.loads(path.read_text(encoding="utf-8"))
    return Progress(**content | {"epochs": tuple(content["epochs"])})


def restore(model: keras.Model, folder: Path, progress: Progress) -> None:
    """Put a compiled model into the state of the last finished epoch: weights, optimiser and random generators."""
    model.optimizer.build(model.trainable_variables)
    model.load_weights(folder / progress.state)
    for variable, state in zip(_random_variables(model), progress.random_states, strict=True):
        variable.assign(state)


class SaveProgress(keras.callbacks.Callback):  # type: ignore[misc]
    """After each epoch saves weights, optimiser and figures, keeps the best weights, and stops when patience ends.

    The state file is written under a new name and `progress.json` then replaced in one step: whenever the process is
    killed, the two agree.
    """

    def __init__(self, folder: Path, progress: Progress, patience: int) -> None:
        super().__init__()
        self.progress = progress
        self._folder = folder
        self._patience = patience
        self._since = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Start the clock."""
        self._since = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save, and stop where the last epochs were no better."""
        before, figures = self.progress, {name: float(value) for name, value in (logs or {}).items()}
        state = f"epoch_{epoch + 1:03}.weights.h5"
        seconds = before.seconds + time.monotonic() - self._since
        random_states = tuple(variable.numpy().tolist() for variable in _random_variables(self.model))
        progress = Progress((*before.epochs, figures), seconds, state, random_states)
        self.model.save_weights(self._folder / state, overwrite=True)
        if progress.best_epoch == len(progress.epochs):
            self.model.save_weights(self._folder / BEST, overwrite=True)
        partial = self._folder / f".{PROGRESS}.partial"
        partial.write_text(json.dumps(asdict(progress), indent=2), encoding="utf-8")
        partial.replace(self._folder / PROGRESS)
        if before.state:
            (self._folder / before.state).unlink(missing_ok=True)
        self.progress = progress
        if progress.has_stalled(self._patience):
            self.model.stop_training = True


def _random_variables(model: keras.Model) -> list[Any]:
    """The states of the layers' random generators, which Keras does not save for an LSTM's dropout."""
    weights = {id(weight) for weight in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]
