"""Reflection: every service with its messages, under both names of the protocol."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from app.grpc.reflection_service import SERVICES
from app.grpc.server import SERVICES as ALL
from app.wire.protos import reflection_v1_pb2, reflection_v1alpha_pb2

MESSAGES = dict(zip(SERVICES, (reflection_v1_pb2, reflection_v1alpha_pb2), strict=True))


async def _ask(served: Any, service: str, *questions: dict[str, object]) -> list[Any]:
    async def requests() -> AsyncIterator[Any]:
        for question in questions:
            yield MESSAGES[service].ServerReflectionRequest(host="h", **question)

    return [response async for response in served.stub(service).ServerReflectionInfo(requests())]


@pytest.mark.parametrize("service", SERVICES)
async def test_the_services_and_their_files_are_told(serving: Any, service: str) -> None:
    async with serving() as served:
        listed, by_symbol, by_name, extensions = await _ask(
            served,
            service,
            {"list_services": ""},
            {"file_containing_symbol": "tensorflow.serving.PredictionService"},
            {"file_by_filename": "app/wire/protos/inference.proto"},
            {"all_extension_numbers_of_type": "inference.ModelInferRequest"},
        )
    assert {each.name for each in listed.list_services_response.service} == set(ALL)
    assert listed.valid_host == listed.original_request.host == "h"
    files = [FileDescriptorProto.FromString(data) for data in by_symbol.file_descriptor_response.file_descriptor_proto]
    assert len(files) == len({file.name for file in files}) == 5
    pool = DescriptorPool()
    for file in reversed(files):
        pool.AddSerializedFile(file.SerializeToString())
    assert pool.FindServiceByName("tensorflow.serving.PredictionService").methods_by_name["Predict"]
    assert len(by_name.file_descriptor_response.file_descriptor_proto) == 2
    assert extensions.all_extension_numbers_response.base_type_name == "inference.ModelInferRequest"


async def test_what_there_is_not_is_said_and_the_stream_goes_on(serving: Any) -> None:
    async with serving() as served:
        answers = await _ask(
            served,
            SERVICES[0],
            {"file_by_filename": "none.proto"},
            {"file_containing_symbol": "none"},
            {"all_extension_numbers_of_type": "none"},
            {"file_containing_extension": {"containing_type": "inference.ModelInferRequest", "extension_number": 1}},
            {"list_services": ""},
        )
    assert [answer.error_response.error_code for answer in answers] == [5, 5, 5, 5, 0]
    assert all("there is no" in answer.error_response.error_message for answer in answers[:4])
