"""The OpenAPI document: FastAPI's own for the plain routes, and one prediction path per served model.

The prediction route is one route for all models, below the framework's request machinery; what each model takes and
gives is known once it is loaded, so its path, schemas and examples are written here.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.http.bodies.pictures import FORM
from app.http.directives import PRIORITIES
from app.http.examples import examples_of
from app.http.predict import PATH
from app.http.problems import DESCRIPTIONS, Problem, described
from app.http.schemas import (
    DigitPrediction,
    Digits,
    PictureBody,
    Rows,
    TensorBody,
    TextBody,
    TextPrediction,
    Texts,
)
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.processing.image import MEDIA_TYPES

JSON = "application/json"
REFERENCES = "#/components/schemas/{model}"

BODIES: dict[str, type[BaseModel]] = {
    "sentiment": TextBody,
    "topic": TextBody,
    "digit": PictureBody,
    "tensor": TensorBody,
}
ANSWERS: dict[str, tuple[type[BaseModel], ...]] = {
    "sentiment": (TextPrediction, Texts),
    "topic": (TextPrediction, Texts),
    "digit": (DigitPrediction, Digits),
    "tensor": (Rows,),
}

PARAMETERS: list[dict[str, Any]] = [
    {"name": "version", "in": "query", "schema": {"type": "integer", "minimum": 1}, "description": "Pins a version"},
    {"name": "label", "in": "query", "schema": {"type": "string"}, "description": "Pins the version with this label"},
    {
        "name": "X-Request-ID",
        "in": "header",
        "schema": {"type": "string", "maxLength": 128},
        "description": "Echoed in the response and in the log; made where absent",
    },
    {
        "name": "X-Request-Timeout-Ms",
        "in": "header",
        "schema": {"type": "integer", "minimum": 1},
        "description": "Deadline in milliseconds; 504 when it passes",
    },
    {
        "name": "X-Priority",
        "in": "header",
        "schema": {"type": "string", "enum": [name.decode() for name in PRIORITIES], "default": "normal"},
        "description": "Under overload the lowest are refused first",
    },
]


def install_openapi(app: FastAPI, registry: Registry) -> None:
    """Let the application's document show every model that is served when it is asked for."""

    def openapi() -> dict[str, Any]:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        models = [registry.resolve(name) for name in registry.names()]
        paths = {PATH.format(model=model.name): {"post": _operation(model)} for model in models}
        document["paths"] = {**paths, **document["paths"]}
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_schemas())
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _schemas() -> dict[str, Any]:
    """The schemas of every body and answer."""
    answers = {answer for several in ANSWERS.values() for answer in several}
    models: set[type[BaseModel]] = {*BODIES.values(), *answers, Problem}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema([(model, "validation") for model in ordered], ref_template=REFERENCES)
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _operation(model: ServedModel) -> dict[str, Any]:
    """One model's prediction, as OpenAPI describes an operation."""
    task = model.manifest.task
    answers = [_reference(answer) for answer in ANSWERS[task]]
    success = {
        "description": "The prediction, or `predictions` for many inputs",
        "headers": {name: {"schema": {"type": "string"}} for name in ("X-Request-ID", "X-Model", "Server-Timing")},
        "content": {JSON: {"schema": answers[0] if len(answers) == 1 else {"anyOf": answers}}},
    }
    failures = {str(status): response for status, response in described(*DESCRIPTIONS).items()}
    return {
        "tags": ["predict"],
        "summary": f"Predict with {model.name}",
        "operationId": f"predict_{model.name}",
        "parameters": PARAMETERS,
        "requestBody": {"required": True, "content": _content(model)},
        "responses": {"200": success, **failures},
    }


def _content(model: ServedModel) -> dict[str, Any]:
    """The media types that the model's route reads."""
    task = model.manifest.task
    content: dict[str, Any] = {JSON: {"schema": _reference(BODIES[task]), "examples": examples_of(model)}}
    if task == "digit":
        binary = {"type": "string", "format": "binary"}
        content |= {media_type: {"schema": binary} for media_type in MEDIA_TYPES.values()}
        files = {"type": "object", "required": ["file"], "properties": {"file": {"type": "array", "items": binary}}}
        content[FORM] = {"schema": files}
    return content


def _reference(schema: type[BaseModel]) -> dict[str, str]:
    """A `$ref` to a component; pydantic names generics without brackets."""
    name = schema.__name__.replace("[", "_").replace("]", "_")
    return {"$ref": REFERENCES.format(model=name)}
