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
from app.explanations.word_paths import DEFAULT_WORD_STEPS, WordPath
from app.lifecycle.served_model import ServedModel
from app.service import infer_and_write, prepare, run_rows
from app.tasks.text import TextTask
from app.types import Inference, Priority, Rows


async def explain_by_gradients(
    model: ServedModel, given: Any, size_bytes: int, timeout_seconds: float, priority: Priority, *, wish: Wish
) -> Explained:
    """As `explain`, where TensorFlow runs the model. It runs twice: only a prediction says what is to be explained."""
    left = _countdown(timeout_seconds)
    target = target_of(model)
    path = await prepare(model, partial(_path, model, given, wish.bound), DEFAULT_STEPS * size_bytes, left())
    first = await run_rows(model, Rows((path.whole,), takes_any=True), left(), priority)
    (prediction,) = model.task.postprocess(first.outputs)
    element = element_of(model, target, first.outputs, prediction, wish.class_name)
    ran_seconds = first.queue_seconds + first.infer_seconds

    def write(inference: Inference) -> Explained:
        integral = Integral.of(path, target, element, inference.outputs[target.name])
        content = {"prediction": prediction, **integral.told(is_picture=model.manifest.task == "digit")}
        timing = inference.timing
        both = timing._replace(queue=timing.queue + first.queue_seconds, infer=timing.infer + first.infer_seconds)
        return Explained(content, inference._replace(timing=both))

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


def _path(model: ServedModel, given: Any, steps: int | None) -> StraightPath | WordPath:
    """The way to the input, in so many steps or as many as its kind needs; raises `RequestInvalid` for what is none."""
    if isinstance(model.task, TextTask):
        name, elements = model.signature.inputs[0].name, model.signature.outputs[0].shape[-1] or 1
        return WordPath.of(given, model.task.encoder, name, elements, steps or DEFAULT_WORD_STEPS)
    (whole,) = model.task.preprocess([given]).groups
    return StraightPath.of(whole, model.signature, steps or DEFAULT_STEPS)
