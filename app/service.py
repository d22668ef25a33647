"""The whole path of a prediction: preprocess, batch, infer, postprocess."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from app.errors import DeadlineExceeded, HorngateError, InputInvalid, NotReady, QueueFull
from app.inference.job import BatchResult, Job
from app.inference.runtimes.catalogue import IN_PROCESS
from app.lifecycle.served_model import ServedModel
from app.types import Answer, Inference, Prediction, Priority, Rows, Tensors, Timing

INLINE_BYTES = 16_384
"""Larger inputs are prepared on a thread, so that the event loop is never held for long."""

Written = TypeVar("Written")

TURNED_AWAY = (QueueFull, NotReady, DeadlineExceeded)


def refuse_early(model: ServedModel, priority: Priority) -> None:
    """Raise at once what a request of one row would meet now, `QueueFull` or `NotReady`, before it costs anything."""
    error = model.batcher.refusal(1, priority)
    if error is not None:
        model.observer.rejected(error.code)
        raise error


class Call:
    """One small request on its way through a model, for who has no task to wait in.

    `write` makes of the batcher's result what goes out; `done` hears that, or the error, once and on the event loop.
    """

    __slots__ = ("_done", "_job", "_model", "_write")

    def __init__(
        self, model: ServedModel, write: Callable[[BatchResult], Written], done: Callable[[Written | Exception], None]
    ) -> None:
        self._model = model
        self._write = write
        self._done: Callable[[Any], None] = done
        self._job: Job | None = None

    def start(self, rows: Rows, timeout_seconds: float, priority: Priority) -> None:
        """Let the rows wait; raises what `Batcher.submit` does, and nobody hears then."""
        try:
            self._job = self._model.batcher.submit(rows, timeout_seconds, priority, self._ran)
        except TURNED_AWAY as error:
            self._model.observer.rejected(error.code)
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
            written = self._write(result)
        except Exception as error:  # noqa: BLE001  # a failure of our own is an outcome too
            self._done(error)
            return
        self._done(written)


def start_predict(
    model: ServedModel,
    inputs: Sequence[Any],
    timeout_seconds: float,
    priority: Priority,
    *,
    write: Callable[[Answer], Written],
    done: Callable[[Written | Exception], None],
) -> Call:
    """`predict` by callback, for small inputs, which are prepared here and now; raises as `predict` does, at once."""
    started = perf_counter()
    rows = model.task.preprocess(inputs)
    preprocess_seconds = perf_counter() - started
    call = Call(model, lambda result: write(_answer(model, rows, preprocess_seconds, result)), done)
    call.start(rows, max(timeout_seconds - preprocess_seconds, 0.0), priority)
    return call


def start_infer(
    model: ServedModel,
    tensors: Tensors,
    timeout_seconds: float,
    priority: Priority,
    *,
    read_seconds: float,
    write: Callable[[Inference], Written],
    done: Callable[[Written | Exception], None],
) -> Call:
    """`infer_and_write` by callback; raises as it does, at once, where the rows are not taken."""
    call = Call(model, lambda result: _written(model, _inference(model, result, read_seconds), write), done)
    call.start(_rows(model, tensors), timeout_seconds, priority)
    return call


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
    rows = await prepare(model, partial(model.task.preprocess, inputs), size_bytes, timeout_seconds)
    preprocess_seconds = perf_counter() - started
    left_seconds = max(timeout_seconds - preprocess_seconds, 0.0)
    result = await run_rows(model, rows, left_seconds, priority)
    return _answer(model, rows, preprocess_seconds, result)


async def prepare(model: ServedModel, make: Callable[[], Written], size_bytes: int, timeout_seconds: float) -> Written:
    """What `make` makes for the model, here or, where `size_bytes` say that it may take long, on a thread.

    Raises what `make` raises, and `DeadlineExceeded`.
    """
    if size_bytes <= INLINE_BYTES:
        return make()
    try:
        async with asyncio.timeout(timeout_seconds):
            return await asyncio.to_thread(make)
    except TimeoutError:
        model.observer.rejected(DeadlineExceeded.code)
        waited = f"{1000 * timeout_seconds:.0f} ms"
        raise DeadlineExceeded(f"the inputs were not prepared within {waited}; send less at once") from None


async def infer(
    model: ServedModel, tensors: Tensors, timeout_seconds: float, priority: Priority = Priority.NORMAL
) -> Inference:
    """Run tensors that have been checked against the model's signature: no task reads them or what the model gives.

    Raises `InputInvalid` for strings that the runtime cannot take, `QueueFull`, `NotReady`, `DeadlineExceeded` and
    `InferenceFailed`.
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
    return _written(model, await _run(model, tensors, timeout_seconds, priority, read_seconds), write)


async def run_rows(model: ServedModel, rows: Rows, timeout_seconds: float, priority: Priority) -> BatchResult:
    """The batcher's result, which counts as no answered request yet; tells the observer where it was turned away.

    Raises `QueueFull`, `NotReady`, `DeadlineExceeded` and `InferenceFailed`.
    """
    try:
        return await model.batcher.run(rows, timeout_seconds, priority)
    except TURNED_AWAY as error:
        model.observer.rejected(error.code)
        raise


async def _run(
    model: ServedModel, tensors: Tensors, timeout_seconds: float, priority: Priority, read_seconds: float
) -> Inference:
    """What the model gives for tensors."""
    return _inference(model, await run_rows(model, _rows(model, tensors), timeout_seconds, priority), read_seconds)


def _rows(model: ServedModel, tensors: Tensors) -> Rows:
    """The tensors as the batcher takes them; raises `InputInvalid` for strings that the runtime would misread.

    ONNX's strings are UTF-8, and its runtimes take Python's `bytes` for the text that Python prints of them.
    """
    if model.running.runtime in IN_PROCESS:
        for spec in model.signature.inputs:
            if spec.dtype == "string" and any(isinstance(text, bytes) for text in tensors[spec.name].flat):
                raise InputInvalid.at(f"/inputs/{spec.name}", "strings in UTF-8", "bytes that are no UTF-8")
    return Rows((tensors,), takes_any=True)


def _inference(model: ServedModel, result: BatchResult, read_seconds: float) -> Inference:
    """The batcher's result with what it is of."""
    timing = Timing(preprocess=read_seconds, queue=result.queue_seconds, infer=result.infer_seconds)
    return Inference(model.name, model.version, result.outputs, timing)


def _written(model: ServedModel, inference: Inference, write: Callable[[Inference], Written]) -> Written:
    """What goes out; tells the observer, unless it cannot be written."""
    ran = perf_counter()
    written = write(inference)
    model.observer.answered(inference.timing._replace(postprocess=perf_counter() - ran), ())
    return written


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
