"""States and metadata, as messages and as JSON."""

from app.types import Signature, TensorSpec
from app.wire.protos import tensorflow_error_pb2 as codes
from app.wire.protos.tensorflow_serving_pb2 import ModelVersionStatus, SignatureDefMap
from app.wire.tf_status import metadata_object, metadata_response, status_object, status_response

SIGNATURE = Signature((TensorSpec("x", "string", (None, 2)),), (TensorSpec("y", "int64", (None,)),))


def test_a_version_answers_or_is_at_its_end_with_the_reason() -> None:
    fine, failed = status_response([(2, ""), (1, "broken")]).model_version_status
    assert (fine.version, fine.state, fine.status.error_code) == (2, ModelVersionStatus.AVAILABLE, codes.OK)
    assert (failed.state, failed.status.error_code) == (ModelVersionStatus.END, codes.UNKNOWN)
    assert failed.status.error_message == "broken"


def test_json_also_tells_what_is_empty_and_writes_versions_as_text() -> None:
    fine = {"version": "2", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    assert status_object([(2, "")]) == {"model_version_status": [fine]}


def test_metadata_hold_the_signature_packed_in_a_message_and_plain_in_json() -> None:
    packed = metadata_response("m", 3, SIGNATURE)
    unpacked = SignatureDefMap()
    assert packed.metadata["signature_def"].Unpack(unpacked)
    assert unpacked.signature_def["serving_default"].inputs["x"].tensor_shape.dim[1].size == 2
    told = metadata_object("m", 3, SIGNATURE)
    assert told["model_spec"] == {"name": "m", "version": "3", "signature_name": ""}
    assert told["metadata"]["signature_def"]["signature_def"]["serving_default"]["inputs"]["x"] == {
        "name": "x",
        "dtype": "DT_STRING",
        "tensor_shape": {"dim": [{"size": "-1", "name": ""}, {"size": "2", "name": ""}], "unknown_rank": False},
    }
