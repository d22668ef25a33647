"""An example request for each served model that works when it is sent as it stands."""

from typing import Any

from app.lifecycle.served_model import ServedModel
from app.types import TensorSpec

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
            inputs = {spec.name: [_zeros(spec)] for spec in model.signature.inputs}
            return {"one row": {"value": {"inputs": inputs}}}


def _zeros(spec: TensorSpec) -> Any:
    """One row of zeros, free dimensions being 1."""
    row: Any = {"string": "", "bool": False}.get(spec.dtype, 0)
    for size in reversed(spec.shape[1:]):
        row = [row] * (size or 1)
    return row
