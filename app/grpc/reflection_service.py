"""`grpc.reflection.v1` and `v1alpha`: tells tools such as grpcurl what the server understands.

After grpc/grpc, doc/server-reflection.md.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc import StatusCode

from app.grpc.methods import Stream
from app.grpc.streaming import OpenStreams
from app.wire.protos.pool import POOL

SERVICES = ("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")
METHOD = "ServerReflectionInfo"


class ReflectionService:
    """One of the two services, which differ in their name only; `services` are all that the server has."""

    def __init__(self, service: str, services: tuple[str, ...], open_streams: OpenStreams) -> None:
        self._response = GetMessageClass(POOL.FindServiceByName(service).methods_by_name[METHOD].output_type)
        self._services = services
        self._open_streams = open_streams

    def streams(self) -> Mapping[str, Stream]:
        """The one method."""
        return {METHOD: self.inform}

    async def inform(self, requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        """An answer to each question."""
        async for response in self._open_streams.in_order(requests, self._answer):
            yield response

    async def _answer(self, request: Any) -> Any:
        """What is asked for, or that it is not there."""
        response: Any = self._response(valid_host=request.host, original_request=request)
        try:
            self._fill(response, request)
        except KeyError as error:
            response.error_response.error_code = StatusCode.NOT_FOUND.value[0]
            response.error_response.error_message = f"there is no {str(error)[:200]}"
        return response

    def _fill(self, response: Any, request: Any) -> None:
        """Answer into the response; raises `KeyError` for what there is none of."""
        question = request.WhichOneof("message_request")
        if question == "list_services":
            for service in self._services:
                response.list_services_response.service.add(name=service)
        elif question == "file_by_filename":
            _add_files(response, POOL.FindFileByName(request.file_by_filename))
        elif question == "file_containing_symbol":
            _add_files(response, POOL.FindFileContainingSymbol(request.file_containing_symbol))
        elif question == "all_extension_numbers_of_type":
            name = request.all_extension_numbers_of_type
            response.all_extension_numbers_response.base_type_name = POOL.FindMessageTypeByName(name).full_name
        else:
            raise KeyError("extension: proto3 has none")


def _add_files(response: Any, file: FileDescriptor) -> None:
    """A file, and all that it imports, each once."""
    waiting = [file]
    for current in waiting:
        waiting.extend(current.dependencies)
    files = {each.name: each.serialized_pb for each in waiting}
    response.file_descriptor_response.file_descriptor_proto.extend(files.values())
