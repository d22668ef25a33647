"""`POST /v1/models/{model}:predict` for one model: TensorFlow Serving's REST with its own names, types and sizes."""

from typing import Any

from app.http.examples import zeros
from app.http.model_openapi.directives import HEADERS, ID_HEADER
from app.http.model_openapi.failures import error_objects
from app.http.model_openapi.predict import JSON, object_schema
from app.http.model_openapi.tensors import Schema, row_schema, rows_schema
from app.http.tfs.naming import route_of
from app.lifecycle.served_model import ServedModel
from app.types import TensorSpec
from app.wire.signature_def import SIGNATURE
from app.wire.tfs_json import BASE64, BYTES_SUFFIX, SIGNATURE_NAME
from app.wire.tfs_predict import INPUTS, INSTANCES

ENCODED = object_schema({BASE64: {"type": "string", "description": "Any bytes, in base64"}})
TEXT: Schema = {"anyOf": [{"type": "string"}, ENCODED]}

DESCRIPTION = "Rows in `instances`, or whole tensors in `inputs`; `NaN`, `Infinity` and `-Infinity` pass as bare words."


def serving_path(model: ServedModel, *, is_pinned: bool) -> str:
    """The path of the model's predictions, or of this version's."""
    named = {"model": model.name, "version": str(model.version)}
    route = route_of({"method": "predict", **(named if is_pinned else {})})
    return route.format(**named)


def serving_operation(model: ServedModel) -> dict[str, Any]:
    """The operation."""
    success = {
        "description": "`predictions` for rows, `outputs` for tensors; a single output stands without its name",
        "headers": ID_HEADER,
        "content": {JSON: {"schema": _answer(model.signature.outputs)}},
    }
    body = {"schema": _request(model.signature.inputs), "examples": _examples(model.signature.inputs)}
    return {
        "tags": ["TensorFlow Serving"],
        "summary": f"Predict with {model.name}",
        "description": DESCRIPTION,
        "operationId": f"serving_predict_{model.name}",
        "parameters": HEADERS,
        "requestBody": {"required": True, "content": {JSON: body}},
        "responses": {"200": success, **error_objects()},
    }


def _request(specs: tuple[TensorSpec, ...]) -> Schema:
    """Rows or columns; the one input of a model may stand without its name."""
    row = object_schema({spec.name: row_schema(spec, TEXT) for spec in specs})
    columns = object_schema({spec.name: rows_schema(spec, TEXT) for spec in specs})
    if len(specs) == 1:
        row = {"anyOf": [row_schema(specs[0], TEXT), row]}
        columns = {"anyOf": [rows_schema(specs[0], TEXT), columns]}
    return {
        "type": "object",
        "properties": {
            SIGNATURE_NAME: {"enum": [SIGNATURE, ""], "default": SIGNATURE},
            INSTANCES: {"type": "array", "items": row, "minItems": 1, "description": "All named, or none"},
            INPUTS: {**columns, "description": "Every input has the same number of rows"},
        },
        "oneOf": [{"required": [INSTANCES]}, {"required": [INPUTS]}],
        "additionalProperties": False,
    }


def _answer(specs: tuple[TensorSpec, ...]) -> Schema:
    """What either form is answered with."""
    if len(specs) == 1:
        row, columns = row_schema(specs[0], _text(specs[0])), rows_schema(specs[0], _text(specs[0]))
    else:
        row = object_schema({spec.name: row_schema(spec, _text(spec)) for spec in specs})
        columns = object_schema({spec.name: rows_schema(spec, _text(spec)) for spec in specs})
    rows = {"type": "array", "items": row, "minItems": 1}
    return {"oneOf": [object_schema({"predictions": rows}), object_schema({"outputs": columns})]}


def _text(spec: TensorSpec) -> Schema:
    """A string of this output."""
    return ENCODED if spec.name.endswith(BYTES_SUFFIX) else {"type": "string"}


def _examples(specs: tuple[TensorSpec, ...]) -> dict[str, Any]:
    """One row of zeros, either way."""
    rows = {spec.name: zeros(spec.shape, spec.dtype) for spec in specs}
    named = {name: values[0] for name, values in rows.items()}
    one = next(iter(named.values())) if len(specs) == 1 else named
    return {"rows": {"value": {INSTANCES: [one]}}, "columns": {"value": {INPUTS: rows}}}
