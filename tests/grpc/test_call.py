"""What a call's metadata and deadline say."""

from typing import Any

import pytest

from app.errors import InputInvalid
from app.grpc.call import Call
from app.types import Priority


class Context:
    """gRPC's view of a call."""

    def __init__(self, left: float | None = None, **metadata: str | bytes) -> None:
        self._left = left
        self._metadata = tuple((key.replace("_", "-"), value) for key, value in metadata.items())

    def invocation_metadata(self) -> Any:
        return self._metadata or None

    def time_remaining(self) -> float | None:
        return self._left


def test_the_shorter_deadline_holds() -> None:
    assert Call(Context(), 30.0).timeout_seconds() == 30
    assert Call(Context(left=2.0), 30.0).timeout_seconds() == 2
    assert Call(Context(left=60.0), 30.0).timeout_seconds() == 30


@pytest.mark.parametrize(("left", "is_late"), [(None, False), (0.0, True), (0.01, True), (5.0, False)])
def test_a_call_is_late_when_its_callers_time_is_up(left: float | None, is_late: bool) -> None:
    assert Call(Context(left), 30.0).is_late is is_late


def test_the_request_id_is_the_callers_or_a_new_one() -> None:
    assert Call(Context(x_request_id="mine"), 1.0).request_id == "mine"
    assert len(Call(Context(x_request_id="x" * 500), 1.0).request_id) == 128
    first, second = Call(Context(trace_bin=b"\0"), 1.0), Call(Context(), 1.0)
    assert first.request_id != second.request_id


def test_the_priority_is_a_word() -> None:
    assert Call(Context(), 1.0).priority() is Priority.NORMAL
    assert Call(Context(x_priority="Low"), 1.0).priority() is Priority.LOW
    with pytest.raises(InputInvalid, match="high, normal, low in x-priority"):
        Call(Context(x_priority="urgent"), 1.0).priority()
