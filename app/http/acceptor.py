"""Takes connections off the port that all workers share, so that each of them has about as many."""

import asyncio
import mmap
import socket
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 0.002
"""A connection waits no longer for a worker with fewer of them, which may be running a batch."""

AT_ONCE = 4
"""Connections that one turn of the event loop takes at most: libuv takes one from each listening descriptor, and with
one alone a hundred that come at once to a busy worker wait for a hundred of its batches.
"""

SLACK = 8
"""One connection more than another worker has, and one for each so many that it has, are even enough: short connections
come and go faster than workers could wait for each other.
"""

CLOSED = 2**31 - 1
"""What stands in a worker's place while it accepts nothing: nobody leaves a connection to it."""


def shared_counts(workers: int) -> "memoryview[int]":
    """A count of connections for each worker, in memory that this process shares with those it forks."""
    return memoryview(mmap.mmap(-1, 4 * workers)).cast("i")


class OpenConnections(set[Any]):
    """A worker's open connections, whose number all workers see.

    `counts` are those of all workers, in memory that they share; `place` is this worker's.
    """

    def __init__(self, counts: "memoryview[int]", place: int) -> None:
        super().__init__()
        self._counts = counts
        self._place = place
        self._became_many: Callable[[], None] | None = None
        counts[place] = CLOSED

    @property
    def are_many(self) -> bool:
        """Whether another worker that accepts connections has clearly fewer."""
        least = min(self._counts)
        return self._counts[self._place] > least + least // SLACK + 1

    def watch(self, became_many: Callable[[], None]) -> None:
        """From now on this worker accepts connections; `became_many` is told of each that is clearly too many."""
        self._became_many = became_many
        self._publish()

    def unwatch(self) -> None:
        """Nothing is accepted any more."""
        self._became_many = None
        self._publish()

    def add(self, connection: Any) -> None:
        """A connection was opened."""
        super().add(connection)
        self._publish()
        if self._became_many is not None and self.are_many:
            self._became_many()

    def discard(self, connection: Any) -> None:
        """A connection was closed."""
        super().discard(connection)
        self._publish()

    def _publish(self) -> None:
        self._counts[self._place] = len(self) if self._became_many is not None else CLOSED


class Acceptor:
    """Listens while its worker has about as many connections as the others, and stands aside for a moment when not.

    The kernel wakes whichever worker comes first, and that may take all that wait: 22 and 10 of 32 connections were
    seen, and the slowest answers are the fuller worker's. The event loop's own server accepts; opening and closing that
    costs a connection nothing, where accepting in Python would take 150 µs of each.
    """

    def __init__(
        self,
        listener: socket.socket,
        backlog: int,
        make_protocol: Callable[[], asyncio.Protocol],
        held: OpenConnections,
    ) -> None:
        self._listener = listener
        self._backlog = backlog
        self._make_protocol = make_protocol
        self._held = held
        self._servers: list[asyncio.Server] = []
        self._timer: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Accept connections from now on."""
        self._held.watch(self._stand_aside)
        await self._listen()

    def close(self) -> None:
        """Accept nothing any more; what is open stays so."""
        self._held.unwatch()
        if self._timer is not None:
            self._timer.cancel()
        if self._opening is not None:
            self._opening.cancel()
        self._close_servers()

    async def wait_closed(self) -> None:
        """Nothing is left to wait for: who opened the connections keeps count of them."""

    def _stand_aside(self) -> None:
        """Leave what waits to another worker; what still waits after a moment is taken."""
        if self._servers:
            self._close_servers()
            self._timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._return)

    def _return(self) -> None:
        self._opening = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        """Listen on descriptors of its own, which closing closes."""
        loop = asyncio.get_running_loop()
        self._servers = [
            await loop.create_server(self._make_protocol, sock=self._listener.dup(), backlog=self._backlog)
            for _ in range(AT_ONCE)
        ]

    def _close_servers(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()
