"""What the server and its models are, in the words of the Open Inference Protocol and of Triton's extensions.

After kserve/open-inference-protocol, specification/protocol/inference_rest.md, and triton-inference-server/common,
protobuf/model_config.proto. Plain values: HTTP writes them as they are, gRPC parses them into its messages.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version as version_of
from typing import Any, Protocol

from app.types import Signature, TensorSpec
from app.wire.oip_tensors import DATATYPES

SERVER = "horngate"

EXTENSIONS = (
    "binary_tensor_data",
    "classification",
    "model_configuration",
    "model_repository(index)",
    "schedule_policy",
    "statistics",
    "trace(read)",
    "logging(read)",
)
"""Triton's names of what works; in brackets the part, where it is not the whole."""

TRACE_SETTINGS: Mapping[str, Any] = {"trace_level": ["OFF"]}
"""Nothing is traced: metrics and the log tell where time goes."""

LOG_LEVELS = {"log_errors": 40, "log_warnings": 30, "log_info": 20}
"""Triton's switches, and the level of Python's logging that each stands for."""

VERBOSE = 10


class Running(Protocol):
    """How a model runs: the engine's name, how many of it, and the largest batch."""

    @property
    def runtime(self) -> str:
        """The engine's name."""

    @property
    def instances(self) -> int:
        """How many batches run at once."""

    @property
    def max_batch_rows(self) -> int:
        """The rows of the largest batch."""


def server_metadata() -> dict[str, Any]:
    """The server's name, version and extensions."""
    return {"name": SERVER, "version": version_of(SERVER), "extensions": list(EXTENSIONS)}


def model_metadata(name: str, versions: Sequence[int], platform: str, signature: Signature) -> dict[str, Any]:
    """A model's inputs and outputs, -1 being any size, the rows first."""
    return {
        "name": name,
        "versions": [str(number) for number in versions],
        "platform": platform,
        "inputs": [_tensor(spec) for spec in signature.inputs],
        "outputs": [_tensor(spec) for spec in signature.outputs],
    }


def model_config(name: str, version: int, signature: Signature, running: Running) -> dict[str, Any]:
    """The configuration of a model's version in Triton's field names; sizes are a row's, without the rows."""
    return {
        "name": name,
        "platform": running.runtime,
        "backend": running.runtime,
        "version_policy": {"specific": {"versions": [version]}},
        "max_batch_size": running.max_batch_rows,
        "input": [_field(spec) for spec in signature.inputs],
        "output": [_field(spec) for spec in signature.outputs],
        "instance_group": [{"name": name, "kind": "KIND_CPU", "count": running.instances}],
        "dynamic_batching": {"priority_levels": 3, "default_priority_level": 2},
    }


def index_entry(name: str, number: str, reason: str = "") -> dict[str, str]:
    """A version in the index of the repository; one with a `reason` is not served."""
    return {"name": name, "version": number, "state": "UNAVAILABLE" if reason else "READY", "reason": reason}


def log_settings(level: int) -> dict[str, Any]:
    """What is logged at a level of Python's logging; the log goes to standard error."""
    switches = {name: level <= at for name, at in LOG_LEVELS.items()}
    return {"log_file": "", **switches, "log_verbose_level": int(level <= VERBOSE), "log_format": "default"}


def _tensor(spec: TensorSpec) -> dict[str, Any]:
    """A tensor of a model's metadata."""
    return {"name": spec.name, "datatype": DATATYPES[spec.dtype], "shape": _sizes(spec.shape)}


def _field(spec: TensorSpec) -> dict[str, Any]:
    """A tensor of a model's configuration."""
    datatype = DATATYPES[spec.dtype]
    data_type = "TYPE_STRING" if datatype == "BYTES" else f"TYPE_{datatype}"
    return {"name": spec.name, "data_type": data_type, "dims": _sizes(spec.shape[1:])}


def _sizes(shape: Sequence[int | None]) -> list[int]:
    """A shape, -1 being any size."""
    return [-1 if size is None else size for size in shape]
