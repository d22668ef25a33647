"""`POST /explain/{model}` for one model that can be explained: one text, one picture, or one row of tensors."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.explanations.classes import classes_of, methods_of
from app.explanations.paths import MOST_STEPS
from app.explanations.wish import INTEGRATED_GRADIENTS, OCCLUSION
from app.http.examples import examples_of
from app.http.explain import LEAST_ROWS, PATH
from app.http.explanation_schemas import DigitExplanation, TensorExplanation, TextExplanation
from app.http.model_openapi.directives import HEADERS, OWN_HEADERS
from app.http.model_openapi.failures import problems
from app.http.model_openapi.predict import FILE, JSON, object_schema, picture_files, reference
from app.http.model_openapi.tensors import Schema, rows_schema
from app.http.schemas import PICTURES
from app.lifecycle.served_model import ServedModel

ANSWERS: dict[str, type[BaseModel]] = {"digit": DigitExplanation, "tensor": TensorExplanation}
"""The answers for what is no text."""

EXPLANATIONS: tuple[type[BaseModel], ...] = (TextExplanation, *ANSWERS.values())
"""What the operations refer to."""

NULL: Schema = {"type": "null"}
TEXT: Schema = {
    "type": "object",
    "properties": {"text": {"type": "string", "pattern": r"\S"}, "texts": NULL},
    "required": ["text"],
    "additionalProperties": False,
}
PICTURE: Schema = {
    "type": "object",
    "properties": {
        "pixels": {"anyOf": [*PICTURES, NULL], "description": "28×28 or 784 numbers, 0–1 or 0–255, ink high"},
        "image": {"type": ["string", "null"], "description": "Base64 of an image file; a data: URL will do"},
        "images": NULL,
    },
    "oneOf": [
        {"required": ["pixels"], "properties": {"pixels": {"type": "array"}, "image": NULL}},
        {"required": ["image"], "properties": {"image": {"type": "string"}, "pixels": NULL}},
    ],
    "additionalProperties": False,
}


def explain_path(model: ServedModel) -> str:
    """The path of the model's explanations."""
    return PATH.format(model=model.name)


def explain_operation(model: ServedModel, pins: Sequence[Schema]) -> dict[str, Any]:
    """The operation; `pins` are the parameters of the query that choose a version."""
    answer = ANSWERS.get(model.manifest.task, TextExplanation)
    success = {
        "description": "The prediction, and what each part of the input contributed to it",
        "headers": OWN_HEADERS,
        "content": {JSON: {"schema": reference(answer)}},
    }
    return {
        "tags": ["explain"],
        "summary": f"Explain a prediction of {model.name}",
        "operationId": f"explain_{model.name}",
        "parameters": [*pins, *_wishes(model), *HEADERS],
        "requestBody": {"required": True, "content": _content(model)},
        "responses": {"200": success, **problems()},
    }


def _wishes(model: ServedModel) -> list[Schema]:
    """The query's parameters that say what is explained, how, and how finely."""
    methods = methods_of(model)
    place = {"type": "integer", "minimum": 0}
    classes = {"type": "string", "enum": list(classes_of(model))} if classes_of(model) else place
    steps = {"type": "integer", "minimum": 1, "maximum": MOST_STEPS}
    wishes = [
        _wish("class", classes, "Another class, or number of the output, than the predicted or largest one"),
        _wish("method", {"type": "string", "enum": list(methods)}, "How; occlusion where none is given"),
    ]
    wishes[1]["required"] = OCCLUSION not in methods
    if OCCLUSION in methods:
        rows = {"type": "integer", "minimum": LEAST_ROWS}
        wishes.append(_wish("rows", rows, "The most rows that the model is asked, by occlusion"))
    if INTEGRATED_GRADIENTS in methods:
        wishes.append(_wish("steps", steps, "The steps of the path, by integrated gradients; not beside `rows`"))
    return wishes


def _wish(name: str, schema: Schema, description: str) -> Schema:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _content(model: ServedModel) -> dict[str, Any]:
    """The media types that the model's route reads."""
    is_digit = model.manifest.task == "digit"
    one = {name: example for name, example in examples_of(model).items() if name != "many"}
    schema = {"digit": PICTURE, "tensor": _row(model)}.get(model.manifest.task, TEXT)
    content: dict[str, Any] = {JSON: {"schema": schema, "examples": one}}
    if is_digit:
        content |= picture_files(FILE)
    return content


def _row(model: ServedModel) -> Schema:
    """One row of every input by name."""
    rows = {spec.name: {**rows_schema(spec), "maxItems": 1} for spec in model.signature.inputs}
    return object_schema({"inputs": object_schema(rows)})
