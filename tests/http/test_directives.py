"""What a request asks besides its body."""

import pytest

from app.errors import InputInvalid
from app.http.directives import priority_of, timeout_of
from app.types import Priority


def test_without_a_word_a_request_is_normal_and_has_the_servers_time() -> None:
    assert priority_of({}) is Priority.NORMAL
    assert timeout_of({}, 30.0) == 30.0


@pytest.mark.parametrize(("name", "priority"), [(b"high", Priority.HIGH), (b"Low", Priority.LOW)])
def test_a_priority_is_named_in_any_case(name: bytes, priority: Priority) -> None:
    assert priority_of({b"x-priority": name}) is priority


@pytest.mark.parametrize("name", [b"", b"urgent", b"1", b"\xff"])
def test_another_word_is_no_priority(name: bytes) -> None:
    with pytest.raises(InputInvalid, match="expected high, normal, low in X-Priority"):
        priority_of({b"x-priority": name})


def test_a_deadline_can_only_be_shortened() -> None:
    assert timeout_of({b"x-request-timeout-ms": b"250"}, 30.0) == 0.25
    assert timeout_of({b"x-request-timeout-ms": b"99999999"}, 30.0) == 30.0


@pytest.mark.parametrize("text", [b"", b"0", b"-1", b"1.5", b"soon", b"9" * 19, "１".encode()])
def test_a_deadline_is_a_positive_whole_number(text: bytes) -> None:
    with pytest.raises(InputInvalid, match="expected a positive whole number in X-Request-Timeout-Ms"):
        timeout_of({b"x-request-timeout-ms": text}, 30.0)
