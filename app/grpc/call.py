"""One call while it is handled: what its metadata ask, and what metrics and the log will say of it."""

import random
from typing import Any

from app.errors import InputInvalid
from app.lifecycle.served_model import ServedModel
from app.types import Priority

PRIORITY = "x-priority"
REQUEST_ID = "x-request-id"
LATE_SECONDS = 0.05
PRIORITIES = {priority.name.lower(): priority for priority in Priority}


class Call:
    """A call's metadata and deadline, read from gRPC's `context`; `longest_seconds` is the server's own deadline."""

    __slots__ = ("_context", "_longest_seconds", "_metadata", "model", "request_id", "version")

    def __init__(self, context: Any, longest_seconds: float) -> None:
        self._context = context
        self._longest_seconds = longest_seconds
        self._metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        self.request_id = self._metadata.get(REQUEST_ID, "")[:128] or f"{random.getrandbits(96):024x}"
        self.model = ""
        self.version = ""

    def names(self, model: ServedModel) -> None:
        """The call means this model: metrics and the log count it there."""
        self.model, self.version = model.name, str(model.version)

    def timeout_seconds(self) -> float:
        """Seconds until the call's deadline; a caller may only shorten the server's."""
        left: float | None = self._context.time_remaining()
        return self._longest_seconds if left is None else min(left, self._longest_seconds)

    @property
    def is_late(self) -> bool:
        """Whether the caller's own deadline has passed, or is about to: its clock began to run a moment earlier."""
        left: float | None = self._context.time_remaining()
        return left is not None and left < LATE_SECONDS

    def priority(self) -> Priority:
        """How important the metadata say that the call is; raises `InputInvalid`."""
        given = self._metadata.get(PRIORITY)
        if given is None:
            return Priority.NORMAL
        priority = PRIORITIES.get(given.lower())
        if priority is None:
            raise InputInvalid.at("", f"{', '.join(PRIORITIES)} in {PRIORITY}", repr(given[:64]))
        return priority
