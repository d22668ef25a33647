"""The whole path of a prediction: preprocess, batch, infer, postprocess."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

from app.errors import DeadlineExceeded, HorngateError, NotReady, QueueFull
from app.inference.job import BatchResult, Job
from app.lifecycle.served_model import ServedModel
from app.types import Answer, Prediction, Priority, Rows, Timing

INLINE_BYTES = 16_384
"""Larger inputs are prepared on a thread, so that the event loop is never held for long."""

Outcome = Answer | Exception
"""What becomes of a request: its answer, or why there is none."""

TURNED_AWAY = (QueueFull, NotReady, DeadlineExceeded)


def refuse_early(model: ServedModel, priority: Priority) -> None:
    """Raise at once what a request of one row would meet now, `QueueFull` or `NotReady`, before it costs anything."""
    error = model.batcher.refusal(1, priority)
    if error is not None:
        model.observer.rejected(error.code)
        raise error


class Call:
    """One request on its way through a model; `done` hears its outcome once, on the event loop.

    The core below `predict`, for who has no task to wait in.
    """

    __slots__ = ("_cells", "_done", "_job", "_model", "_padding", "_preprocess_seconds")

    def __init__(self, model: ServedModel, done: Callable[[Outcome], None]) -> None:
        self._model = model
        self._done = done
        self._job: Job | None = None
        self._preprocess_seconds = 0.0
        self._cells = self._padding = 0

    def start(self, inputs: Sequence[Any], timeout_seconds: float, priority: Priority) -> None:
        """Prepare the inputs here and now, and let their rows wait; raises as `predict` does, and nobody hears then."""
        started = perf_counter()
        rows = self._model.task.preprocess(inputs)
        self.submit(rows, perf_counter() - started, timeout_seconds, priority)

    def submit(self, rows: Rows, preprocess_seconds: float, timeout_seconds: float, priority: Priority) -> None:
        """Let the rows wait; raises `QueueFull` and `NotReady`, and nobody hears then."""
        model = self._model
        self._preprocess_seconds = preprocess_seconds
        self._cells, self._padding = rows.cells, rows.padding
        left_seconds = max(timeout_seconds - preprocess_seconds, 0.0)
        try:
            self._job = model.batcher.submit(rows, left_seconds, priority, self._ran)
        except (QueueFull, NotReady) as error:
            model.observer.rejected(error.code)
            raise

    def withdraw(self) -> None:
        """Nobody waits any more: rows that have not run never will, and nothing is heard."""
        if self._job is not None:
            self._model.batcher.withdraw(self._job)

    def _ran(self, result: BatchResult | HorngateError) -> None:
        """The batcher is done with the rows."""
        if isinstance(result, HorngateError):
            if isinstance(result, TURNED_AWAY):
                self._model.observer.rejected(result.code)
            self._done(result)
            return
        try:
            outcome: Outcome = self._answer(result)
        except Exception as error:  # noqa: BLE001  # a failure of our own is an outcome too
            outcome = error
        self._done(outcome)

    def _answer(self, result: BatchResult) -> Answer:
        """What the model's outputs mean."""
        model = self._model
        ran = perf_counter()
        predictions = model.task.postprocess(result.outputs)
        spent = perf_counter() - ran
        timing = Timing(self._preprocess_seconds, result.queue_seconds, result.infer_seconds, spent)
        model.observer.answered(timing, _labels(model, predictions))
        model.observer.cells_served(self._cells, self._padding)
        return Answer(model.name, model.version, predictions, timing)


async def predict(
    model: ServedModel,
    inputs: Sequence[Any],
    size_bytes: int,
    timeout_seconds: float,
    priority: Priority = Priority.NORMAL,
) -> Answer:
    """Answer one request: `inputs` are what the model's task takes, `size_bytes` what preparing them goes through.

    Raises `RequestInvalid` for an input that the task cannot read, `QueueFull`, `NotReady`, `DeadlineExceeded` and
    `InferenceFailed`.
    """
    future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    call = Call(model, partial(_settle, future))
    if size_bytes <= INLINE_BYTES:
        call.start(inputs, timeout_seconds, priority)
    else:
        started = perf_counter()
        rows = await _preprocess_beside(model, inputs, timeout_seconds)
        call.submit(rows, perf_counter() - started, timeout_seconds, priority)
    try:
        return await future
    finally:
        call.withdraw()


async def _preprocess_beside(model: ServedModel, inputs: Sequence[Any], timeout_seconds: float) -> Rows:
    """The model's tensors, made on a thread because it may take long; raises `DeadlineExceeded`."""
    try:
        async with asyncio.timeout(timeout_seconds):
            return await asyncio.to_thread(model.task.preprocess, inputs)
    except TimeoutError:
        waited = f"{1000 * timeout_seconds:.0f} ms"
        error = DeadlineExceeded(f"the inputs were not prepared within {waited}; send less at once")
        model.observer.rejected(error.code)
        raise error from None


def _settle(future: asyncio.Future[Answer], outcome: Outcome) -> None:
    """Wake who waits."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _labels(model: ServedModel, predictions: Sequence[Prediction]) -> list[str]:
    """The predictions' classes, as metrics count them."""
    key = model.task.label_key
    return [str(prediction[key]) for prediction in predictions] if key else []  # type: ignore[literal-required]
