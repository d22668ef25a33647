"""How far a training is: a bar on a terminal, a line an epoch in a log file, both with the time that is left."""

import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import keras

from app.progress_bar import ProgressBar
from scripts.training.progress import Progress
from scripts.training.recipe import Recipe

logger = logging.getLogger(__name__)


def figures_line(figures: Mapping[str, float]) -> str:
    """Figures as a short line, their names as they are."""
    return ", ".join(f"{name} {float(value):.4f}" for name, value in figures.items())


class TellEpochs(keras.callbacks.Callback):  # type: ignore[misc]
    """After each epoch logs its figures, its pace and the time that all epochs still take at most."""

    def __init__(self, rows: int, epochs: int) -> None:
        super().__init__()
        self._rows = rows
        self._epochs = epochs
        self._since = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Start the clock."""
        self._since = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Tell."""
        seconds = time.monotonic() - self._since
        left = timedelta(seconds=round(seconds * (self._epochs - epoch - 1)))
        logger.info(
            "epoch %d of %d: %s; %.1f s, %.0f rows/s, at most %s left",
            epoch + 1,
            self._epochs,
            figures_line(logs or {}),
            seconds,
            self._rows / seconds,
            left,
        )


class MoveBar(keras.callbacks.Callback):  # type: ignore[misc]
    """Moves a bar by a step at a time, and shows the epoch's number, its loss so far and the last validation's."""

    def __init__(self, bar: ProgressBar, epochs: int) -> None:
        super().__init__()
        self._bar = bar
        self._epochs = epochs
        self._moved = 0
        self._validated = ""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Name the epoch."""
        self._bar.name(f"epoch {epoch + 1} of {self._epochs}")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Move by a step."""
        self._moved += 1
        self._bar.move_to(self._moved, figures_line({"loss": (logs or {})["loss"]}) + self._validated)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Note what the validation gave."""
        validated = {name: value for name, value in (logs or {}).items() if name.startswith("val_")}
        self._validated = f", before: {figures_line(validated)}"


@contextmanager
def told(recipe: Recipe, progress: Progress, steps: int, rows: int) -> Iterator[keras.callbacks.Callback]:
    """What tells of that many steps an epoch over so many rows: a bar on a terminal, until the block ends, or lines."""
    if not sys.stderr.isatty():
        yield TellEpochs(rows, recipe.fit.epochs)
        return
    left = (recipe.fit.epochs - len(progress.epochs)) * steps - progress.steps
    with ProgressBar(left, show_pos=True, item_show_func=lambda note: note) as bar:
        yield MoveBar(bar, recipe.fit.epochs)
