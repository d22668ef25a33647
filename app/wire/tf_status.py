"""The states of a model's versions and its signature, in TensorFlow Serving's messages.

After tensorflow/serving, apis/get_model_status.proto and apis/get_model_metadata.proto; as JSON they are what
tensorflow_serving/model_servers/http_rest_api_util.cc makes of them.
"""

from collections.abc import Iterable
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from app.types import Signature
from app.wire.protos import tensorflow_error_pb2 as codes
from app.wire.protos.tensorflow_serving_pb2 import (
    GetModelMetadataResponse,
    GetModelStatusResponse,
    ModelSpec,
    ModelVersionStatus,
    StatusProto,
)
from app.wire.signature_def import METADATA_FIELD, signature_def_map


def status_response(versions: Iterable[tuple[int, str]]) -> GetModelStatusResponse:
    """Versions, each with why it could not be loaded: END with that reason, or AVAILABLE where there is none."""
    return GetModelStatusResponse(model_version_status=[_status(version, failure) for version, failure in versions])


def metadata_response(name: str, version: int, signature: Signature) -> GetModelMetadataResponse:
    """A version's signatures, which is the one field of metadata that there is."""
    response = GetModelMetadataResponse(model_spec=ModelSpec(name=name, version={"value": version}))
    response.metadata[METADATA_FIELD].Pack(signature_def_map(signature))
    return response


def status_object(versions: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """`status_response` as JSON has it."""
    return _object(status_response(versions))


def metadata_object(name: str, version: int, signature: Signature) -> dict[str, Any]:
    """`metadata_response` as JSON has it, where the signatures stand without the name of their type."""
    spec = ModelSpec(name=name, version={"value": version})
    return {"model_spec": _object(spec), "metadata": {METADATA_FIELD: _object(signature_def_map(signature))}}


def _status(version: int, failure: str) -> ModelVersionStatus:
    """One version."""
    state = ModelVersionStatus.END if failure else ModelVersionStatus.AVAILABLE
    code = codes.UNKNOWN if failure else codes.OK
    return ModelVersionStatus(version=version, state=state, status=StatusProto(error_code=code, error_message=failure))


def _object(message: Message) -> dict[str, Any]:
    """A message as JSON, also those of its fields that hold nothing."""
    return MessageToDict(message, always_print_fields_with_no_presence=True, preserving_proto_field_name=True)
