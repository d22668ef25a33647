"""`POST /v2/models/{model}/infer` for one model: the Open Inference Protocol with its own names, types and sizes."""

import math
from typing import Any

from app.http.examples import zeros
from app.http.model_openapi.directives import HEADERS, ID_HEADER
from app.http.model_openapi.failures import error_objects
from app.http.model_openapi.predict import JSON
from app.http.model_openapi.tensors import Schema, flat_schema, rows_schema, shape_schema, value_schema
from app.http.oip.infer import PATH, VERSIONED_PATH
from app.lifecycle.served_model import ServedModel
from app.types import TensorSpec
from app.wire.oip_binary import LENGTH_HEADER
from app.wire.oip_tensors import DATATYPES

BINARY = "application/octet-stream"
BYTES = {"type": "string", "format": "binary"}
BINARY_TOO = (
    "Tensors may also come as bytes behind the JSON, each with a `binary_data_size` instead of `data`; "
    f"`{LENGTH_HEADER}` then says how long the JSON is. Names are in any order; unknown members are ignored."
)

PARAMETERS: Schema = {
    "type": ["object", "null"],
    "properties": {
        "binary_data_output": {"type": ["boolean", "null"], "description": "All outputs as bytes"},
        "priority": {"type": "integer", "minimum": 0, "description": "1 is the highest; 0 says nothing"},
        "timeout": {"type": "integer", "minimum": 0, "description": "Microseconds; 0 says nothing"},
    },
    "additionalProperties": False,
}

BINARY_DATA: Schema = {"type": ["boolean", "null"], "description": "As bytes"}
CLASSIFICATION: Schema = {
    "type": ["integer", "null"],
    "minimum": 1,
    "description": "The so many largest, as `value:index[:label]`",
}


def infer_path(model: ServedModel, *, is_pinned: bool) -> str:
    """The path of the model's inferences, or of this version's."""
    return (VERSIONED_PATH if is_pinned else PATH).format(model=model.name, version=model.version)


def infer_operation(model: ServedModel) -> dict[str, Any]:
    """The operation."""
    body = {"schema": _request(model), "examples": {"one row": {"value": _example(model)}}}
    success = {
        "description": "The outputs; bytes where they are asked for as bytes",
        "headers": ID_HEADER,
        "content": {JSON: {"schema": _response(model)}, BINARY: {"schema": BYTES}},
    }
    return {
        "tags": ["Open Inference Protocol"],
        "summary": f"Infer with {model.name}",
        "operationId": f"infer_{model.name}",
        "description": BINARY_TOO,
        "parameters": HEADERS,
        "requestBody": {"required": True, "content": {JSON: body}},
        "responses": {"200": success, **error_objects()},
    }


def _request(model: ServedModel) -> Schema:
    """The body as JSON."""
    inputs = model.signature.inputs
    names = [{"contains": {"properties": {"name": {"const": spec.name}}}} for spec in inputs]
    outputs = model.signature.outputs
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "Echoed in the answer"},
            "parameters": PARAMETERS,
            "inputs": {
                "type": "array",
                "items": {"oneOf": [_input(spec) for spec in inputs]},
                "minItems": len(inputs),
                "maxItems": len(inputs),
                "allOf": names,
                "description": "In any order, all with the same number of rows",
            },
            "outputs": {
                "type": ["array", "null"],
                "items": {"oneOf": [_wanted(spec) for spec in outputs]},
                "minItems": 1,
                "maxItems": len(outputs),
                "uniqueItems": True,
                "description": "All of them where none is named; none twice",
            },
        },
        "required": ["inputs"],
    }


def _input(spec: TensorSpec) -> Schema:
    """One input, its values in the JSON."""
    return {
        "type": "object",
        "properties": {
            "name": {"const": spec.name},
            "datatype": {"const": DATATYPES[spec.dtype]},
            "shape": shape_schema(spec),
            "data": {"anyOf": [flat_schema(spec), rows_schema(spec)]},
        },
        "required": ["name", "datatype", "shape", "data"],
    }


def _wanted(spec: TensorSpec) -> Schema:
    """One output as it may be asked for; strings have no largest."""
    own = {"binary_data": BINARY_DATA, **({} if spec.dtype == "string" else {"classification": CLASSIFICATION})}
    parameters = {"type": ["object", "null"], "properties": own, "additionalProperties": False}
    properties = {"name": {"const": spec.name}, "parameters": parameters}
    return {"type": "object", "properties": properties, "required": ["name"]}


def _response(model: ServedModel) -> Schema:
    """The answer as JSON."""
    outputs = {"type": "array", "items": {"anyOf": [_output(spec) for spec in model.signature.outputs]}, "minItems": 1}
    named: Schema = {"model_name": {"const": model.name}, "model_version": {"type": "string", "pattern": "^[1-9]"}}
    required = ["model_name", "model_version", "outputs"]
    return {
        "type": "object",
        "properties": {**named, "id": {"type": "string"}, "outputs": outputs},
        "required": required,
    }


def _output(spec: TensorSpec) -> Schema:
    """One output: its values, or the strings of a classification."""
    own = {"type": "array", "items": value_schema(spec.dtype)}
    classes = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "properties": {
            "name": {"const": spec.name},
            "datatype": {"enum": sorted({DATATYPES[spec.dtype], "BYTES"})},
            "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
            "data": {"anyOf": [own, classes]},
        },
        "required": ["name", "datatype", "shape", "data"],
    }


def _example(model: ServedModel) -> Any:
    """One row of zeros, its values in one list."""
    inputs = []
    for spec in model.signature.inputs:
        shape = [1 if size is None else size for size in spec.shape]
        data = zeros((math.prod(shape),), spec.dtype)
        inputs.append({"name": spec.name, "datatype": DATATYPES[spec.dtype], "shape": shape, "data": data})
    return {"inputs": inputs}
