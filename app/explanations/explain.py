"""The one way to an explanation, whatever its method."""

from typing import Any

from app.explanations.by_gradients import explain_by_gradients
from app.explanations.by_occlusion import explain_by_occlusion
from app.explanations.wish import OCCLUSION, Explained, Wish
from app.lifecycle.served_model import ServedModel
from app.types import Priority


async def explain(
    model: ServedModel, given: Any, size_bytes: int, timeout_seconds: float, priority: Priority, *, wish: Wish
) -> Explained:
    """Explain the answer to one input of what the model's task takes; `wish` has been checked against the model.

    `size_bytes` is what preparing the input goes through. The rows queue, run and end as those of one request. Raises
    `RequestInvalid` for an input that the task cannot read, `QueueFull`, `NotReady`, `DeadlineExceeded` and
    `InferenceFailed`.
    """
    way = explain_by_occlusion if wish.method == OCCLUSION else explain_by_gradients
    return await way(model, given, size_bytes, timeout_seconds, priority, wish=wish)
