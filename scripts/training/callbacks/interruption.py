"""Ctrl-C and SIGTERM: save after the step under way, then end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import keras

from app.errors import HorngateError
from scripts.training.callbacks.saving import SaveProgress


class RunInterrupted(HorngateError):
    """Somebody asked the run to stop; the message says where it stands and how to go on."""

    code = "run_interrupted"
    title = "The run was interrupted"


@contextmanager
def stop_requests(*, heeded: bool = True) -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second one ends the process as usual.

    Signals reach the main thread only: elsewhere, or where they are not `heeded`, the event is never set.
    """
    asked = threading.Event()
    if not heeded or threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(number, before[number])

    before: dict[int, Any] = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class StopWhenAsked(keras.callbacks.Callback):  # type: ignore[misc]
    """Once the event is set, saves after the step or epoch under way and raises `RunInterrupted`."""

    def __init__(self, asked: threading.Event, saving: SaveProgress, steps: int) -> None:
        super().__init__()
        self._asked = asked
        self._saving = saving
        self._steps = steps

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Save within the epoch; after its last step the epoch is validated and saved as a whole."""
        if self._asked.is_set() and self._saving.steps < self._steps:
            self._saving.save_step()
            self._end(
                f"in epoch {len(self._saving.progress.epochs) + 1} after step {self._saving.steps} of {self._steps}"
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """The epoch has been saved."""
        if self._asked.is_set():
            self._end(f"after epoch {epoch + 1}")

    def _end(self, place: str) -> None:
        raise RunInterrupted(
            f"interrupted {place}, and saved; go on with --resume, or export the best epoch so far with scripts.export"
        )
