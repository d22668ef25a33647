"""How far a training is: a bar on a terminal, a line an epoch in a log file, both with the time that is left."""

import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import keras
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

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


class ShowBars(keras.callbacks.Callback):  # type: ignore[misc]
    """Two bars: the epoch's steps with the loss so far, and all epochs; each with the time that is left at most."""

    def __init__(self, bars: Bars, steps: int, epochs: int, done: int) -> None:
        super().__init__()
        self._bars = bars
        self._steps = steps
        self._done = done
        self._epoch = bars.add_task("epoch", total=steps)
        self._whole = bars.add_task("all epochs", total=steps * epochs, completed=done)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Begin the epoch's bar anew."""
        self._bars.reset(self._epoch, description=f"epoch {epoch + 1}", completed=self._done % self._steps)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Move both bars by a step."""
        self._done += 1
        description = f"epoch {(self._done - 1) // self._steps + 1}: loss {float((logs or {})['loss']):.4f}"
        self._bars.update(self._epoch, advance=1, description=description)
        self._bars.update(self._whole, advance=1)


@contextmanager
def told(recipe: Recipe, progress: Progress, steps: int, rows: int) -> Iterator[keras.callbacks.Callback]:
    """What tells of that many steps an epoch over so many rows: bars on a terminal, until the block ends, or lines."""
    if not sys.stdout.isatty():
        yield TellEpochs(rows, recipe.fit.epochs)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Bars(*columns) as bars:
        yield ShowBars(bars, steps, recipe.fit.epochs, len(progress.epochs) * steps + progress.steps)
