"""Saving what a run has reached, so that a kill costs one epoch at most and an interruption nothing."""

import time
from pathlib import Path

import keras

from scripts.training.callbacks.averaging import WeightMean
from scripts.training.checkpoint import add_figures, write_state, write_weights
from scripts.training.progress import BEST, Progress, write_progress


class SaveProgress(keras.callbacks.Callback):  # type: ignore[misc]
    """After each epoch saves the run's state and figures, keeps the best weights, and stops when patience ends.

    The state is written under a new name before `progress.json` names it: whenever the process is killed, the two
    agree. Of several machines only the one that `writes` leaves anything on its disk.
    """

    def __init__(self, folder: Path, progress: Progress, patience: int, mean: WeightMean, *, writes: bool) -> None:
        super().__init__()
        self.progress = progress
        self.folder = folder
        self.patience = patience
        self._mean = mean
        self.writes = writes
        self.steps = 0
        self._since = 0.0
        self._learnt_for = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Start the clock, or go on with that of an epoch that was interrupted."""
        self.steps, self._since = self.progress.steps, time.monotonic() - self.progress.step_seconds

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Count the step; after the first one of the rest of an epoch, take up the figures of its beginning."""
        if self.steps and self.steps == self.progress.steps:
            # Not earlier: Keras makes some of the figures' variables in its first step.
            add_figures(self.model, self.folder / self.progress.state)
        self.steps += 1

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Stop the clock of the training steps."""
        self._learnt_for = time.monotonic() - self._since

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save, and stop where the last epochs were no better."""
        before, figures = self.progress, {name: float(value) for name, value in (logs or {}).items()}
        progress = Progress(
            epochs=(*before.epochs, figures),
            epoch_seconds=(*before.epoch_seconds, time.monotonic() - self._since),
            learning_seconds=(*before.learning_seconds, self._learnt_for),
            state=f"epoch_{epoch + 1:03}.npz",
        )
        if progress.best_epoch == len(progress.epochs) and self.writes:
            with self._mean.in_place():
                write_weights(self.model, self.folder / BEST)
        self._save(progress)
        if progress.has_stalled(self.patience):
            self.model.stop_training = True

    def save_step(self) -> None:
        """Save within an epoch, after a step."""
        before = self.progress
        self._save(
            Progress(
                epochs=before.epochs,
                epoch_seconds=before.epoch_seconds,
                learning_seconds=before.learning_seconds,
                state=f"epoch_{len(before.epochs) + 1:03}_step_{self.steps:06}.npz",
                steps=self.steps,
                step_seconds=time.monotonic() - self._since,
            )
        )

    def _save(self, progress: Progress) -> None:
        before, self.progress = self.progress, progress
        if not self.writes:
            return
        write_state(self.model, self._mean, self.folder / progress.state, within_epoch=progress.steps > 0)
        write_progress(self.folder, progress)
        if before.state and before.state != progress.state:
            (self.folder / before.state).unlink(missing_ok=True)
