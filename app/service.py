"""The whole path of a prediction: preprocess, batch, infer, postprocess."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from app.errors import DeadlineExceeded, NotReady, QueueFull
from app.lifecycle.served_model import ServedModel
from app.types import Answer, Prediction, Priority, Rows, Timing

INLINE_BYTES = 8192
"""Larger inputs are prepared on a thread, so that the event loop is never held for long."""


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
        prepared = perf_counter()
        left_seconds = max(timeout_seconds - (prepared - started), 0.0)
        result = await model.batcher.run(rows, left_seconds, priority)
    except (QueueFull, NotReady, DeadlineExceeded) as error:
        model.observer.rejected(error.code)
        raise
    ran = perf_counter()
    predictions = model.task.postprocess(result.outputs)
    timing = Timing(prepared - started, result.queue_seconds, result.infer_seconds, perf_counter() - ran)
    model.observer.answered(timing, _labels(model, predictions))
    model.observer.cells_served(rows.cells, rows.padding)
    return Answer(model.name, model.version, predictions, timing)


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


def _labels(model: ServedModel, predictions: Sequence[Prediction]) -> list[str]:
    """The predictions' classes, as metrics count them."""
    key = model.task.label_key
    return [str(prediction[key]) for prediction in predictions] if key else []  # type: ignore[literal-required]
