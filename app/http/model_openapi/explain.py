"""`POST /explain/{model}` for one model whose inputs have parts: one text, or one picture."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.explanations.classes import classes_of
from app.http.examples import examples_of
from app.http.explain import LEAST_ROWS, PATH
from app.http.explanation_schemas import DigitExplanation, TextExplanation
from app.http.model_openapi.directives import HEADERS, OWN_HEADERS
from app.http.model_openapi.failures import problems
from app.http.model_openapi.predict import FILE, JSON, picture_files, reference
from app.http.model_openapi.tensors import Schema
from app.http.schemas import PICTURES
from app.lifecycle.served_model import ServedModel

EXPLANATIONS: tuple[type[BaseModel], ...] = (TextExplanation, DigitExplanation)
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
    is_digit = model.manifest.task == "digit"
    success = {
        "description": "The prediction, and what each part of the input contributed to it",
        "headers": OWN_HEADERS,
        "content": {JSON: {"schema": reference(DigitExplanation if is_digit else TextExplanation)}},
    }
    return {
        "tags": ["explain"],
        "summary": f"Explain a prediction of {model.name}",
        "operationId": f"explain_{model.name}",
        "parameters": [*pins, *_wishes(model), *HEADERS],
        "requestBody": {"required": True, "content": _content(model, is_digit=is_digit)},
        "responses": {"200": success, **problems()},
    }


def _wishes(model: ServedModel) -> list[Schema]:
    """The query's parameters that say what is explained, and how finely."""
    classes = {"type": "string", "enum": list(classes_of(model))}
    rows = {"type": "integer", "minimum": LEAST_ROWS}
    return [
        {"name": "class", "in": "query", "schema": classes, "description": "Another class than the predicted one"},
        {"name": "rows", "in": "query", "schema": rows, "description": "The most rows that the model is asked"},
    ]


def _content(model: ServedModel, *, is_digit: bool) -> dict[str, Any]:
    """The media types that the model's route reads."""
    one = {name: example for name, example in examples_of(model).items() if name != "many"}
    content: dict[str, Any] = {JSON: {"schema": PICTURE if is_digit else TEXT, "examples": one}}
    if is_digit:
        content |= picture_files(FILE)
    return content
