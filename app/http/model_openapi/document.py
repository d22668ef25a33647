"""The document of one served model, and the parts that it shares with that of the whole server."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.explanations.classes import methods_of
from app.http.model_openapi.explain import EXPLANATIONS, explain_operation, explain_path
from app.http.model_openapi.oip import infer_operation, infer_path
from app.http.model_openapi.predict import SCHEMAS, predict_operation
from app.http.model_openapi.tensors import Schema
from app.http.model_openapi.tfs import serving_operation, serving_path
from app.http.predict import PATH
from app.http.problems import Problem
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel

OPENAPI = "3.1.0"
REFERENCES = "#/components/schemas/{model}"


def model_document(registry: Registry, model: ServedModel, *, is_pinned: bool) -> dict[str, Any]:
    """Every way to ask the model: its default version, or this one only where it `is_pinned`."""
    pins = [pinned_version(model)] if is_pinned else pins_of(registry, model.name)
    operations = {
        **task_operations(model, pins),
        infer_path(model, is_pinned=is_pinned): infer_operation(model),
        serving_path(model, is_pinned=is_pinned): serving_operation(model),
    }
    paths = {path: {"post": operation} for path, operation in operations.items()}
    return {
        "openapi": OPENAPI,
        "info": {"title": model.name, "version": str(model.version), "description": _description(model)},
        "paths": paths,
        "components": {"schemas": components(paths)},
    }


def task_operations(model: ServedModel, pins: list[Schema]) -> dict[str, Any]:
    """The operations that know the model's task, by path: predictions, and explanations where there are any."""
    operations = {predict_path(model): predict_operation(model, pins)}
    if methods_of(model):
        operations[explain_path(model)] = explain_operation(model, pins)
    return operations


def predict_path(model: ServedModel) -> str:
    """The path of the model's predictions."""
    return PATH.format(model=model.name)


def pins_of(registry: Registry, name: str) -> list[Schema]:
    """The query's parameters that choose a version of a model: at most one of them may be given."""
    versions = sorted(model.version for model in registry.versions(name))
    version = {"type": "integer", "enum": versions}
    pins = [{"name": "version", "in": "query", "schema": version, "description": "Pins a version"}]
    labels = sorted(registry.labels(name))
    if labels:
        label = {"type": "string", "enum": labels}
        told = "Pins the version with this label; not beside `version`"
        pins.append({"name": "label", "in": "query", "schema": label, "description": told})
    return pins


def pinned_version(model: ServedModel) -> Schema:
    """The query's parameter that asks this very version."""
    schema = {"type": "integer", "enum": [model.version]}
    return {"name": "version", "in": "query", "required": True, "schema": schema, "example": model.version}


def components(paths: Any) -> dict[str, Any]:
    """The schemas that these paths refer to, and those that they refer to themselves."""
    models: list[type[BaseModel]] = sorted((*SCHEMAS, *EXPLANATIONS, Problem), key=lambda model: model.__name__)
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCES)
    every: dict[str, Any] = definitions["$defs"]
    return {name: every[name] for name in sorted(_reached(paths, every))}


def _reached(part: Any, every: Mapping[str, Any]) -> set[str]:
    """The names of `every` that a part refers to, also by way of others."""
    reached: set[str] = set()
    waiting = [part]
    while waiting:
        names = every.keys() & _names(waiting.pop())
        waiting += [every[name] for name in names - reached]
        reached |= names
    return reached


def _names(part: Any) -> Iterator[str]:
    """The component that each reference inside a part leads to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        # Examples are as long as a model's tensors.
        part = [value for key, value in part.items() if key != "examples"]
    if isinstance(part, list):
        for value in part:
            yield from _names(value)


def _description(model: ServedModel) -> str:
    """What the model takes and gives, in a sentence."""
    sides = []
    for side, specs in (("Takes", model.signature.inputs), ("gives", model.signature.outputs)):
        told = [f"`{spec.name}` {spec.dtype} {[-1 if size is None else size for size in spec.shape]}" for spec in specs]
        sides.append(f"{side} {', '.join(told)}")
    return f"{'; '.join(sides)} (-1: any size, the rows first). Runs on {model.running.runtime}."
