"""Large bodies come in parts, each to its place, with their tensors aligned."""

import asyncio
from typing import Any

import numpy as np
import pytest

from app.errors import BodyMalformed, DeadlineExceeded, TooLarge
from app.http.body import ClientLeftError
from app.http.oip.arrival import ALIGNMENT, LARGE_BYTES, read_tensors

BODY = bytes(range(256)) * 1000


def read(parts: list[bytes | None], seconds: float = 20.0, limit: int = len(BODY), **headers: bytes) -> Any:
    """What comes of a body in these parts; None is a client that leaves, and one without any is silent."""
    messages = [
        {"type": "http.disconnect"}
        if part is None
        else {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
        for place, part in enumerate(parts)
    ]

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    named = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    scope = {"headers": list(named.items())}
    return asyncio.run(read_tensors(scope, receive, named, limit, seconds))


def sized(size: int = len(BODY), begin: int = 100) -> dict[str, bytes]:
    return {"content_length": b"%d" % size, "inference_header_content_length": b"%d" % begin}


@pytest.mark.parametrize("begin", [0, 1, 63, 100, 64_000])
def test_the_bytes_after_the_json_are_aligned_whatever_its_length(begin: int) -> None:
    data = read([BODY[:7], BODY[7:70_000], b"", BODY[70_000:]], **sized(begin=begin))
    assert bytes(data) == BODY
    assert np.frombuffer(data, np.uint8)[begin:].ctypes.data % ALIGNMENT == 0


@pytest.mark.parametrize(
    ("headers", "limit"),
    [({}, len(BODY)), (sized() | {"content_encoding": b"identity"}, len(BODY)), (sized(LARGE_BYTES), len(BODY))],
)
def test_other_bodies_come_as_bytes(headers: dict[str, bytes], limit: int) -> None:
    body = BODY[:LARGE_BYTES]
    assert read([body[:9], body[9:]], limit=limit, **{**headers, "content_length": b"%d" % len(body)}) == body


def test_a_body_over_the_limit_is_too_large_before_it_is_read() -> None:
    with pytest.raises(TooLarge):
        read([], limit=len(BODY) - 1, **sized())


def test_more_than_was_announced_is_refused() -> None:
    with pytest.raises(BodyMalformed, match="received more"):
        read([BODY, b"x"], **sized())


def test_less_than_was_announced_is_what_came() -> None:
    assert bytes(read([BODY[:10]], **sized())) == BODY[:10]


def test_a_client_that_falls_silent_is_not_waited_for() -> None:
    with pytest.raises(DeadlineExceeded, match="did not arrive"):
        read([], seconds=0.01, **sized())


def test_a_client_that_leaves_is_noticed() -> None:
    with pytest.raises(ClientLeftError):
        read([BODY[:10], None], **sized())
