"""Waits that end, whatever the other side does; all else is tested with the two clients."""

from typing import Any

import httpx
import pytest

from app.client import AsyncHorngate, DeadlineExceeded
from app.client.exchange import NoReply, Outcome, Request, Send, Steps
from app.client.transport import Transport


def asked_once(timeout_seconds: float) -> Steps[Outcome]:
    """What becomes of one request."""
    return (yield Send(Request("/health"), {}, timeout_seconds))


def test_an_answer_that_comes_drop_by_drop_is_left_at_the_deadline() -> None:
    drops = httpx.MockTransport(lambda _: httpx.Response(200, content=iter([b"{", b"}"])))
    transport = Transport(httpx.Client(transport=drops, base_url="http://test"), lambda _: None)
    outcome = transport.run(asked_once(1e-9))
    transport.close()
    assert isinstance(outcome, NoReply)
    assert outcome.is_late


async def test_a_server_that_does_not_answer_is_left_at_the_deadline(listener: Any, url_of: Any) -> None:
    with listener() as bound:
        bound.listen()
        async with AsyncHorngate(url_of(bound), timeout=0.2) as client:
            with pytest.raises(DeadlineExceeded) as caught:
                await client.sentiment("good film")
    assert caught.value.status is None
