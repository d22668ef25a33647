"""The descriptors of our `.proto` files, in a pool of their own.

In protobuf's default pool their names would clash with those that TensorFlow and other clients register there for the
same messages, and the process that imports both would fail.
"""

from pathlib import Path
from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message_factory import GetMessageClass

HERE = Path(__file__).parent
DESCRIPTORS = HERE / "descriptors.binpb"


def _open_pool() -> DescriptorPool:
    """A pool that holds every file of the descriptor set, each after those that it imports."""
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file:
        pool.AddSerializedFile(file.SerializeToString())
    return pool


POOL = _open_pool()


def publish(module: str, names: dict[str, Any]) -> None:
    """Put into `names` what the `.proto` file of a module `…_pb2` declares: messages, enums and their values."""
    descriptor: FileDescriptor = POOL.FindFileByName(f"{module.replace('.', '/').removesuffix('_pb2')}.proto")
    names["DESCRIPTOR"] = descriptor
    for name, message in descriptor.message_types_by_name.items():
        names[name] = GetMessageClass(message)
    for name, enum in descriptor.enum_types_by_name.items():
        names[name] = EnumTypeWrapper(enum)
        names.update((value.name, value.number) for value in enum.values)
