"""A caller that leaves harms nobody: over real sockets, while its rows wait and while they run."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.http.departure import Departure
from app.lifecycle.served_model import ServedModel
from app.main import create_app
from app.settings import Settings

Listening = Callable[..., AbstractContextManager[tuple[str, int]]]


@dataclass
class Service:
    """A running service whose model `held` waits."""

    address: tuple[str, int]
    model: ServedModel
    held: Any

    def send(self, row: int) -> socket.socket:
        """A client that has asked for a row and not yet read its answer."""
        client = socket.create_connection(self.address, timeout=20)
        body = json.dumps({"inputs": [row]})
        client.sendall(f"POST /predict/held HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        return client

    def get(self, path: str) -> httpx.Response:
        host, port = self.address
        return httpx.get(f"http://{host}:{port}{path}", timeout=20)


@pytest.fixture
def service(listening: Listening, tiny_models: Path, held: Any) -> Iterator[Service]:
    app = create_app(Settings(models_dir=tiny_models, access_log=True))
    with listening(app) as address:
        httpx.get("http://{}:{}/health/ready".format(*address), timeout=20)
        yield Service(address, held.serve_in(app), held)
        held.release.set()


def read(client: socket.socket) -> dict[str, Any]:
    response = http.client.HTTPResponse(client)
    response.begin()
    return json.loads(response.read())


def test_rows_of_a_caller_that_left_do_not_run_and_its_neighbours_are_answered(
    service: Service, eventually: Callable[..., Any], sum_of: Callable[..., float]
) -> None:
    running = service.send(1)
    service.held.started.wait(20)
    before, leaver, after = service.send(2), None, None
    eventually(lambda: service.model.batcher.queued_rows == 1)
    leaver = service.send(3)
    eventually(lambda: service.model.batcher.queued_rows == 2)
    after = service.send(4)
    eventually(lambda: service.model.batcher.queued_rows == 3)
    leaver.close()
    eventually(lambda: service.model.batcher.queued_rows == 2)
    service.held.release.set()
    for client, row in ((running, 1), (before, 2), (after, 4)):
        assert read(client)["predictions"] == [{"outputs": {"value": float(row)}}]
        client.close()
    assert service.held.seen == [[1.0], [2.0], [4.0]]
    metrics = service.get("/metrics").text
    assert sum_of(metrics, "horngate_requests_total", model="held", code="499") == 1
    assert sum_of(metrics, "horngate_requests_total", model="held", code="200") == 3
    assert sum_of(metrics, "horngate_queue_rows", model="held") == 0


def test_a_caller_that_leaves_while_its_rows_run_takes_nothing_with_it(
    service: Service, eventually: Callable[..., Any], sum_of: Callable[..., float]
) -> None:
    leaver = service.send(1)
    service.held.started.wait(20)
    leaver.close()
    eventually(lambda: sum_of(service.get("/metrics").text, "horngate_requests_total", code="499") == 1)
    service.held.release.set()
    with service.send(2) as client:
        assert read(client)["predictions"] == [{"outputs": {"value": 2.0}}]


def test_many_callers_that_all_leave_leave_nothing_behind(service: Service, eventually: Callable[..., Any]) -> None:
    first = service.send(0)
    service.held.started.wait(20)
    leavers = [service.send(row) for row in range(1, 4)]
    eventually(lambda: service.model.batcher.queued_rows == 3)
    threads = [threading.Thread(target=leaver.close) for leaver in leavers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: service.model.batcher.queued_rows == 0)
    service.held.release.set()
    read(first)
    first.close()
    assert service.held.seen == [[0.0]]


async def test_only_a_disconnect_counts_as_leaving_whatever_else_the_server_says() -> None:
    messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"", "more_body": False}]
    departure = Departure(lambda: asyncio.sleep(0, messages.pop()))

    async def wait() -> None:
        with departure:
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(wait())
    assert departure.has_left
    assert messages == []


async def test_who_is_answered_at_once_is_never_watched() -> None:
    asked = []
    with Departure(asked.append) as departure:
        pass
    await asyncio.sleep(0)
    assert asked == []
    assert not departure.has_left
