"""Several workers' acceptors on one port, in one process and one event loop, of the kind that the server runs."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from app.http import acceptor as module
from app.http.acceptor import AT_ONCE, CLOSED, Acceptor, OpenConnections, shared_counts


class Connection(asyncio.Protocol):
    """Counts itself among a worker's connections for as long as it lives."""

    def __init__(self, held: OpenConnections) -> None:
        self._held = held

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._held.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._held.discard(self)


class Port:
    """A port that so many workers share, those in `deaf` without ever looking at it, and its clients."""

    def __init__(self, workers: int, deaf: tuple[int, ...] = ()) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.counts = shared_counts(workers)
        self.held = [OpenConnections(self.counts, place) for place in range(workers)]
        self.acceptors = {
            place: Acceptor(self.listener, 128, lambda held=held: Connection(held), held)  # type: ignore[misc]
            for place, held in enumerate(self.held)
            if place not in deaf
        }
        for place in deaf:
            self.held[place].watch(lambda: None)
        self.clients: list[socket.socket] = []

    @property
    def sizes(self) -> list[int]:
        return [len(held) for held in self.held]

    async def connect(self, count: int) -> None:
        """So many clients at once, all of which a worker has taken."""
        expected = sum(self.sizes) + count
        self.clients += [socket.create_connection(self.listener.getsockname()) for _ in range(count)]
        await until(lambda: sum(self.sizes) == expected)

    async def close(self) -> None:
        for each in self.acceptors.values():
            each.close()
            await each.wait_closed()
        for client in [*self.clients, self.listener]:
            client.close()
        await until(lambda: not any(self.sizes))


@asynccontextmanager
async def shared_port(workers: int, deaf: tuple[int, ...] = ()) -> AsyncIterator[Port]:
    port = Port(workers, deaf)
    for each in port.acceptors.values():
        await each.open()
    try:
        yield port
    finally:
        await port.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in the loop's next turns
            await asyncio.sleep(0)


def run(scenario: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario)


def test_connections_are_spread_over_the_workers() -> None:
    async def scenario() -> None:
        async with shared_port(3) as port:
            await port.connect(60)
            assert max(port.sizes) - min(port.sizes) <= 2 * AT_ONCE, port.sizes
            assert list(port.counts) == port.sizes

    run(scenario())


def test_a_worker_that_lost_its_connections_gets_the_next_ones() -> None:
    async def scenario() -> None:
        async with shared_port(2) as port:
            await port.connect(24)
            for connection in list(port.held[0]):
                connection.transport.abort()
            await until(lambda: not port.held[0])
            kept = len(port.held[1])
            await port.connect(kept)
            assert abs(port.sizes[0] - port.sizes[1]) <= 2 * AT_ONCE, port.sizes

    run(scenario())


def test_what_a_freer_worker_does_not_take_is_taken_all_the_same() -> None:
    async def scenario() -> None:
        async with shared_port(2, deaf=(1,)) as port:
            await port.connect(12)
            assert port.sizes == [12, 0]

    run(scenario())


def test_a_worker_with_clearly_more_connections_stands_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 3600.0)

    async def scenario() -> None:
        async with shared_port(2, deaf=(1,)) as port:
            await port.connect(2)
            port.clients += [socket.create_connection(port.listener.getsockname())]
            port.listener.settimeout(30)
            late, _ = port.listener.accept()
            late.close()
            assert port.sizes == [2, 0]

    run(scenario())


def test_nobody_waits_for_a_worker_that_accepts_nothing() -> None:
    counts = shared_counts(2)
    starting, accepting = OpenConnections(counts, 0), OpenConnections(counts, 1)
    accepting.watch(lambda: None)
    for connection in range(5):
        accepting.add(connection)
    assert list(counts) == [CLOSED, 5]
    assert not accepting.are_many
    starting.watch(lambda: None)
    assert accepting.are_many
    starting.unwatch()
    assert not accepting.are_many


@pytest.mark.parametrize(("own", "others", "expected"), [(1, 0, False), (2, 0, True), (19, 16, False), (20, 16, True)])
def test_a_few_more_connections_than_others_are_even_enough(own: int, others: int, *, expected: bool) -> None:
    counts = shared_counts(2)
    mine, other = OpenConnections(counts, 0), OpenConnections(counts, 1)
    for held, count in ((mine, own), (other, others)):
        held.watch(lambda: None)
        for connection in range(count):
            held.add(connection)
    assert mine.are_many is expected


def test_a_closed_acceptor_leaves_connections_to_the_others() -> None:
    async def scenario() -> None:
        async with shared_port(2) as port:
            port.acceptors[0].close()
            await port.connect(4)
            assert port.sizes == [0, 4]

    run(scenario())


def test_an_acceptor_closed_while_it_stands_aside_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.0)

    async def scenario() -> None:
        async with shared_port(3, deaf=(1,)) as port:
            port.acceptors[0].close()
            await port.connect(6)
            assert port.sizes == [0, 0, 6]

    run(scenario())
