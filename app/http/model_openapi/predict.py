"""`POST /predict/{model}` for one model: the bodies and answers of its task, with its own labels, names and sizes."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.http.bodies.pictures import FORM
from app.http.examples import examples_of
from app.http.model_openapi.directives import HEADERS, OWN_HEADERS
from app.http.model_openapi.failures import problems
from app.http.model_openapi.tensors import Schema, row_schema, rows_schema
from app.http.schemas import DigitPrediction, Digits, PictureBody, TextBody, TextPrediction, Texts
from app.lifecycle.served_model import ServedModel
from app.processing.image import MEDIA_TYPES
from app.types import TensorSpec

JSON = "application/json"
FILE: Schema = {"type": "string", "format": "binary"}

ANSWERS: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "sentiment": (TextPrediction, Texts),
    "topic": (TextPrediction, Texts),
    "digit": (DigitPrediction, Digits),
}
"""The answer to one input and to many, of the tasks that know the difference."""

SCHEMAS: tuple[type[BaseModel], ...] = (TextBody, PictureBody, TextPrediction, Texts, DigitPrediction, Digits)
"""What the operations refer to."""


def reference(schema: type[BaseModel]) -> Schema:
    """A `$ref` to a component; pydantic names generics without brackets."""
    return {"$ref": "#/components/schemas/" + schema.__name__.replace("[", "_").replace("]", "_")}


def predict_operation(model: ServedModel, pins: Sequence[Schema]) -> dict[str, Any]:
    """The operation; `pins` are the parameters of the query that choose a version."""
    success = {
        "description": "The prediction, or `predictions` for many inputs",
        "headers": OWN_HEADERS,
        "content": {JSON: {"schema": _answer(model)}},
    }
    return {
        "tags": ["predict"],
        "summary": f"Predict with {model.name}",
        "operationId": f"predict_{model.name}",
        "parameters": [*pins, *HEADERS],
        "requestBody": {"required": True, "content": _content(model)},
        "responses": {"200": success, **problems()},
    }


def _content(model: ServedModel) -> dict[str, Any]:
    """The media types that the model's route reads."""
    match model.manifest.task:
        case "sentiment" | "topic":
            schema = reference(TextBody)
        case "digit":
            schema = reference(PictureBody)
        case _:
            schema = _tensors(model.signature.inputs)
    content: dict[str, Any] = {JSON: {"schema": schema, "examples": examples_of(model)}}
    if model.manifest.task == "digit":
        content |= picture_files({"type": "array", "items": FILE, "minItems": 1})
    return content


def picture_files(of_form: Schema) -> dict[str, Any]:
    """The media types of image files, and of a form that holds what `of_form` says."""
    form = {"type": "object", "required": ["file"], "properties": {"file": of_form}}
    return {**{media_type: {"schema": FILE} for media_type in MEDIA_TYPES.values()}, FORM: {"schema": form}}


def _tensors(specs: Sequence[TensorSpec]) -> Schema:
    """Every input's rows by name, or only the rows where there is one input."""
    named = object_schema({spec.name: rows_schema(spec) for spec in specs})
    inputs = named if len(specs) > 1 else {"anyOf": [named, rows_schema(specs[0])]}
    return {**object_schema({"inputs": inputs}), "description": "Every input has the same number of rows"}


def _answer(model: ServedModel) -> Schema:
    """What the model answers: for tensors its outputs row by row, else the task's classes."""
    served: Schema = {"model": {"const": model.name}, "version": {"type": "integer", "minimum": 1}}
    if model.manifest.task in ANSWERS:
        label = {"label": {"enum": _labels(model)}} if model.task.label_key == "label" else {}
        many = {"predictions": {"items": {"properties": label}}}
        forms = [reference(answer) for answer in ANSWERS[model.manifest.task]]
        return {"anyOf": forms, "properties": {**served, **label, **many}}
    return object_schema({"predictions": {"type": "array", "items": _row(model), "minItems": 1}, **served})


def _labels(model: ServedModel) -> list[str]:
    """What a prediction's label may be."""
    neutral = ["neutral"] if model.manifest.neutral_band else []
    return sorted({*model.manifest.labels, *neutral})


def _row(model: ServedModel) -> Schema:
    """One row of every output, and of a model with labels its class."""
    outputs = object_schema({spec.name: row_schema(spec) for spec in model.signature.outputs})
    if model.task.label_key is None:
        return object_schema({"outputs": outputs})
    share = {"type": "number"}
    probabilities = object_schema(dict.fromkeys(_labels(model), share))
    return object_schema(
        {"label": {"enum": _labels(model)}, "score": share, "probabilities": probabilities, "outputs": outputs}
    )


def object_schema(properties: Schema) -> Schema:
    """An object that has all of these, and nothing else."""
    required = list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
