"""The whole path of a prediction: preprocess, batch, infer, postprocess."""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from app.errors import DeadlineExceeded, HorngateError, NotReady, QueueFull
from app.inference.job import BatchResult, Job
from app.lifecycle.served_model import ServedModel
from app.types import Answer, Inference, Prediction, Priority, Rows, Tensors, Timing

INLINE_BYTES = 16_384
"""Larger inputs are prepared on a thread, so that the event loop is never held for long."""

Outcome = Answer | Exception
"""What becomes of a request: its answer, or why there is none."""

Written = TypeVar("Written")

TURNED_AWAY = (QueueFull, NotReady, DeadlineExceeded)


def refuse_early(model: ServedModel, priority: Priority) -> None:
    """Raise at once what a request of one row would meet now, `QueueFull` or `NotReady`, before it costs anything."""
    error = model.batcher.refusal(1, priority)
    if error is not None:
        model.observer.rejected(error.code)
        raise error


class Call:
    """One small request on its way through a model, for who has no task to wait in: `predict` by callback.

    `done` hears its outcome once, on the event loop.
    """

    __slots__ = ("_done", "_job", "_model", "_preprocess_seconds", "_rows")

    def __init__(self, model: ServedModel, done: Callable[[Outcome], None]) -> None:
        self._model = model
        self._done = done
        self._job: Job | None = None

    def start(self, inputs: Sequence[Any], timeout_seconds: float, priority: Priority) -> None:
        """Prepare the inputs here and now, and let their rows wait; raises as `predict` does, and nobody hears then."""
        model, started = self._model, perf_counter()
        self._rows = model.task.preprocess(inputs)
        self._preprocess_seconds = perf_counter() - started
        left_seconds = max(timeout_seconds - self._preprocess_seconds, 0.0)
        try:
            self._job = model.batcher.submit(self._rows, left_seconds, priority, self._ran)
        except TURNED_AWAY as error:
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
            outcome: Outcome = _answer(self._model, self._rows, self._preprocess_seconds, result)
        except Exception as error:  # noqa: BLE001  # a failure of our own is an outcome too
            outcome = error
        self._done(outcome)


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
    started = perf_counter()
    try:
        rows = await _preprocess(model, inputs, size_bytes, timeout_seconds)
        preprocess_seconds = perf_counter() - started
        left_seconds = max(timeout_seconds - preprocess_seconds, 0.0)
        result = await model.batcher.run(rows, left_seconds, priority)
    except TURNED_AWAY as error:
        model.observer.rejected(error.code)
        raise
    return _answer(model, rows, preprocess_seconds, result)


async def infer(
    model: ServedModel, tensors: Tensors, timeout_seconds: float, priority: Priority = Priority.NORMAL
) -> Inference:
    """Run tensors that have been checked against the model's signature: no task reads them or what the model gives.

    Raises `QueueFull`, `NotReady`, `DeadlineExceeded` and `InferenceFailed`.
    """
    inference = await _run(model, tensors, timeout_seconds, priority, read_seconds=0.0)
    model.observer.answered(inference.timing, ())
    return inference


async def infer_and_write(
    model: ServedModel,
    tensors: Tensors,
    timeout_seconds: float,
    priority: Priority,
    *,
    read_seconds: float,
    write: Callable[[Inference], Written],
) -> Written:
    """`infer`, and what `write` makes of it; the time that reading took and that writing takes is counted with it.

    Raises what `infer` and `write` raise; what cannot be written is not counted as answered.
    """
    inference = await _run(model, tensors, timeout_seconds, priority, read_seconds)
    ran = perf_counter()
    written = write(inference)
    model.observer.answered(inference.timing._replace(postprocess=perf_counter() - ran), ())
    return written


async def _run(
    model: ServedModel, tensors: Tensors, timeout_seconds: float, priority: Priority, read_seconds: float
) -> Inference:
    """What the model gives; tells the observer where the request was turned away."""
    try:
        result = await model.batcher.run(Rows((tensors,), takes_any=True), timeout_seconds, priority)
    except TURNED_AWAY as error:
        model.observer.rejected(error.code)
        raise
    timing = Timing(preprocess=read_seconds, queue=result.queue_seconds, infer=result.infer_seconds)
    return Inference(model.name, model.version, result.outputs, timing)


async def _preprocess(model: ServedModel, inputs: Sequence[Any], size_bytes: int, timeout_seconds: float) -> Rows:
    """The model's tensors, made here or, where it may take long, on a thread; raises `DeadlineExceeded`."""
    if size_bytes <= INLINE_BYTES:
        return model.task.preprocess(inputs)
    try:
        async with asyncio.timeout(timeout_seconds):
            return await asyncio.to_thread(model.task.preprocess, inputs)
    except TimeoutError:
        waited = f"{1000 * timeout_seconds:.0f} ms"
        raise DeadlineExceeded(f"the inputs were not prepared within {waited}; send less at once") from None


def _answer(model: ServedModel, rows: Rows, preprocess_seconds: float, result: BatchResult) -> Answer:
    """What the model's outputs mean; tells the observer."""
    ran = perf_counter()
    predictions = model.task.postprocess(result.outputs)
    timing = Timing(preprocess_seconds, result.queue_seconds, result.infer_seconds, perf_counter() - ran)
    model.observer.answered(timing, _labels(model, predictions))
    model.observer.cells_served(rows.cells, rows.padding)
    return Answer(model.name, model.version, predictions, timing)


def _labels(model: ServedModel, predictions: Sequence[Prediction]) -> list[str]:
    """The predictions' classes, as metrics count them."""
    key = model.task.label_key
    return [str(prediction[key]) for prediction in predictions] if key else []  # type: ignore[literal-required]
