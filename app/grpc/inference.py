"""What both inference services do with a call: find the model, check the tensors, ask the service."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import InputInvalid
from app.grpc.call import Call
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import infer, refuse_early
from app.types import Array, Inference, Priority
from app.validation import check_arrays, check_rows


@dataclass(frozen=True, slots=True)
class Asked:
    """A model that was found for a call, with what the call allows it: seconds, and a place in the queue."""

    model: ServedModel
    timeout_seconds: float
    priority: Priority


class Models:
    """The served models, as gRPC calls name them; `max_rows` is the most that one call may bring."""

    def __init__(self, registry: Registry, max_rows: int) -> None:
        self.registry = registry
        self._max_rows = max_rows

    def find(self, call: Call, name: str, version: int | None = None, label: str | None = None) -> ServedModel:
        """The version that the call means; raises `ModelNotFound` and `NotReady`."""
        model = self.registry.resolve(name, version, label)
        call.names(model)
        return model

    def ask(
        self, call: Call, model: ServedModel, timeout_seconds: float | None = None, priority: Priority | None = None
    ) -> Asked:
        """What the call allows: its message may shorten its deadline, and goes before its metadata.

        Raises `QueueFull` and `NotReady` at once where the model would refuse it anyway, and `InputInvalid`.
        """
        allowed = call.timeout_seconds()
        seconds = allowed if timeout_seconds is None else min(timeout_seconds, allowed)
        asked = Asked(model, seconds, call.priority() if priority is None else priority)
        refuse_early(model, asked.priority)
        return asked

    async def infer(self, asked: Asked, tensors: Mapping[str, Array]) -> Inference:
        """Check the tensors and run them; raises `InputInvalid`, `TooLarge` and what `app.service.infer` raises."""
        checked = check_arrays(tensors, asked.model.signature)
        check_rows(len(next(iter(checked.values()))), self._max_rows)
        return await infer(asked.model, checked, asked.timeout_seconds, asked.priority)


def version_of(text: str) -> int | None:
    """A version as the Open Inference Protocol writes it, None for the server's choice; raises `InputInvalid`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InputInvalid.at("/model_version", "a version's number, or nothing for the default", repr(text[:64]))
    return int(text)
