"""Our messages are those that clients know by name, field and number, and live beside the clients' own."""

import importlib
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from app.wire.protos import pool

MODULES = [path.stem for path in sorted(Path(pool.__file__).parent.glob("*_pb2.py"))]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_holds_the_messages_and_enums_of_its_file(name: str) -> None:
    module = importlib.import_module(f"app.wire.protos.{name}")
    for message in module.DESCRIPTOR.message_types_by_name:
        assert getattr(module, message)().DESCRIPTOR is pool.POOL.FindMessageTypeByName(
            f"{module.DESCRIPTOR.package}.{message}"
        )
    for enum in module.DESCRIPTOR.enum_types_by_name.values():
        assert getattr(module, enum.name).Value(enum.values[0].name) == getattr(module, enum.values[0].name)


def _kind(field: FieldDescriptor) -> tuple[object, ...]:
    named = field.message_type or field.enum_type
    return field.name, field.type, field.is_repeated, named.full_name if named else None


def _assert_part_of(ours: Descriptor, theirs: Descriptor) -> None:
    for field in ours.fields:
        assert _kind(field) == _kind(theirs.fields_by_number[field.number]), field.full_name
    for nested in ours.nested_types:
        _assert_part_of(nested, theirs.nested_types_by_name[nested.name])
    for enum in ours.enum_types:
        values = theirs.enum_types_by_name[enum.name].values_by_name
        assert all(values[value.name].number == value.number for value in enum.values)


@pytest.mark.parametrize(("ours", "theirs"), [("inference_pb2", "service_pb2"), ("model_config_pb2",) * 2])
def test_the_inference_messages_are_tritons(ours: str, theirs: str) -> None:
    upstream = pytest.importorskip(f"tritonclient.grpc.{theirs}").DESCRIPTOR
    own = importlib.import_module(f"app.wire.protos.{ours}").DESCRIPTOR
    assert own.package == upstream.package == "inference"
    for name, message in own.message_types_by_name.items():
        _assert_part_of(message, upstream.message_types_by_name[name])
    for name, service in own.services_by_name.items():
        methods = upstream.services_by_name[name].methods_by_name
        for method in service.methods:
            assert method.input_type.full_name == methods[method.name].input_type.full_name
            assert method.output_type.full_name == methods[method.name].output_type.full_name


def test_the_tensor_messages_are_tensorflows_and_live_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    pytest.importorskip("tensorflow", reason="the names are compared with its own")
    from tensorflow.core.example import example_pb2, feature_pb2
    from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2
    from tensorflow.core.protobuf import meta_graph_pb2

    from app.wire.protos import tensorflow_pb2 as own

    upstream = {
        name: message
        for module in (example_pb2, feature_pb2, tensor_pb2, tensor_shape_pb2, meta_graph_pb2)
        for name, message in module.DESCRIPTOR.message_types_by_name.items()
    }
    for name, message in own.DESCRIPTOR.message_types_by_name.items():
        _assert_part_of(message, upstream[name])
    made = tensor_pb2.TensorProto(dtype=1, float_val=[1.5]).SerializeToString()
    assert own.TensorProto.FromString(made).float_val == [1.5]
