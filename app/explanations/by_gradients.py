"""The whole path of integrated gradients: predict, then sum up the gradients of that on the way from nothing.

Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks" (2017).
"""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from app.explanations.integrals import Integral
from app.explanations.paths import DEFAULT_STEPS, StraightPath
from app.explanations.targets import element_of, target_of
from app.explanations.wish import Explained, Wish
from app.inference.job import BatchResult
from app.lifecycle.served_model import ServedModel
from app.service import TURNED_AWAY, infer_and_write, prepare
from app.types import Inference, Prediction, Priority, Rows, Tensors


async def explain_by_gradients(
    model: ServedModel, given: Any, size_bytes: int, timeout_seconds: float, priority: Priority, *, wish: Wish
) -> Explained:
    """As `explain`, where TensorFlow runs the model. It runs twice: only a prediction says what is to be explained."""
    left = _countdown(timeout_seconds)
    whole = await prepare(model, partial(_whole, model, given), size_bytes, left())
    first = await _first(model, whole, left(), priority)
    target = target_of(model)
    (prediction,) = model.task.postprocess(first.outputs)
    element = element_of(model, target, first.outputs, prediction, wish.class_name)
    steps = wish.bound or DEFAULT_STEPS
    path = await prepare(model, partial(StraightPath.of, whole, model.signature, steps), steps * size_bytes, left())
    ran_seconds = first.queue_seconds + first.infer_seconds

    def write(inference: Inference) -> Explained:
        integral = Integral.of(path, target, element, inference.outputs[target.name])
        timing = inference.timing
        both = timing._replace(queue=timing.queue + first.queue_seconds, infer=timing.infer + first.infer_seconds)
        return Explained(_content(model, prediction, integral), inference._replace(timing=both))

    return await infer_and_write(
        model,
        target.aim(element).beside(path.tensors, model.signature),
        left(),
        priority,
        read_seconds=max(timeout_seconds - left() - ran_seconds, 0.0),
        write=write,
    )


def _countdown(seconds: float) -> Callable[[], float]:
    """How many of the seconds are left, each time it is asked."""
    deadline = perf_counter() + seconds
    return lambda: max(deadline - perf_counter(), 0.0)


def _whole(model: ServedModel, given: Any) -> Tensors:
    """The input as the model's one row; raises `RequestInvalid`."""
    (tensors,) = model.task.preprocess([given]).groups
    return tensors


async def _first(model: ServedModel, whole: Tensors, timeout_seconds: float, priority: Priority) -> BatchResult:
    """The prediction's run, which is no answered request by itself."""
    try:
        return await model.batcher.run(Rows((whole,), takes_any=True), timeout_seconds, priority)
    except TURNED_AWAY as error:
        model.observer.rejected(error.code)
        raise


def _content(model: ServedModel, prediction: Prediction, integral: Integral) -> dict[str, Any]:
    """The explanation, as the answer has it."""
    told = integral.picture_told() if model.manifest.task == "digit" else integral.tensors_told()
    return {"prediction": prediction, **told}
