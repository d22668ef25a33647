"""An example request for each served model that works when it is sent as it stands."""

from collections.abc import Sequence
from typing import Any

from app.lifecycle.served_model import ServedModel

SEVEN = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAArElEQVR42rXSvQ3CMBCGYZ9JY1FlAhqGoWUIlD4dO5EhmMLMQENF5Z+P4hLr7iIEQ"
    "uIaS370nqLIBPd+vPsLdnygyEvazCc+laDbRdw9+rMnXgggYZRLKUQUAOj4q07PZtvpfthX30o1cReuyACAGUvKPKkO7shLGy5TagwttJghQoM6NK"
    "hDjSbUaEKFNlRoQ4mrUOIqFFjkX7WYMJpQl0PUSN++W+SqkX5+8S8BpZ/q+8wCSAAAAABJRU5ErkJggg=="
)
"""A small PNG of a dark 7 on white."""

TEXTS = {
    "sentiment": ("A wonderful film, I loved every minute", "这是一部非常棒的电影！"),
    "topic": ("Stocks fell as oil prices hit a record high", "The striker scored twice in the final"),
}


def examples_of(model: ServedModel) -> dict[str, Any]:
    """OpenAPI `examples` for the model's request body."""
    match model.manifest.task:
        case "sentiment" | "topic" as task:
            one, other = TEXTS[task]
            return {"one": {"value": {"text": one}}, "many": {"value": {"texts": [one, other]}}}
        case "digit":
            return {"image": {"value": {"image": SEVEN}}, "many": {"value": {"images": [SEVEN, SEVEN]}}}
        case _:
            inputs = {spec.name: zeros(spec.shape, spec.dtype) for spec in model.signature.inputs}
            return {"one row": {"value": {"inputs": inputs}}}


def zeros(shape: Sequence[int | None], dtype: str) -> Any:
    """Nested lists of zeros, empty strings or false; sizes that are open are 1."""
    values: Any = {"string": "", "bool": False}.get(dtype, 0)
    for size in reversed(shape):
        values = [values] * (1 if size is None else size)
    return values
