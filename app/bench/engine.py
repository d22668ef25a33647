"""Sends what is due over its connections, and counts what comes back."""

import asyncio
import os
import ssl
from itertools import cycle
from time import monotonic

from app.bench.arrivals import Arrivals
from app.bench.connection import Connection
from app.bench.request import Load
from app.bench.tally import Tally, Window

SWEEP_SECONDS = 0.1
"""How often the requests that wait are looked at, and connections that broke are opened again."""

IDLE_SECONDS = 4.0
"""A free connection is closed before the server may do so (uvicorn: 5 s) just as a request goes out on it."""

STOP_SECONDS = 0.5
"""How long requests that are under way may still take when the user has had enough."""


def reason_of(error: OSError) -> str:
    """Why a connection could not be opened, in a few words that are the same each time."""
    if isinstance(error, TimeoutError):
        return "no connection in time"
    if isinstance(error, ssl.SSLError) or not error.errno:
        return "TLS failed" if isinstance(error, ssl.SSLError) else "no connection"
    return os.strerror(error.errno).lower()


class Engine:
    """One worker's connections: `keep` are always there, up to `limit` while requests wait for a free one."""

    def __init__(
        self, load: Load, arrivals: Arrivals, tally: Tally, window: Window, *, keep: int, limit: int, timeout: float
    ) -> None:
        self._target = load.target
        self._messages = cycle(load.messages)
        self._arrivals = arrivals
        self._tally = tally
        self._window = window
        self._keep = keep
        self._limit = limit
        self._timeout = timeout
        self._connections: set[Connection] = set()
        self._idle: list[Connection] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._tls: ssl.SSLContext | None = None
        self._finished = asyncio.Event()

    async def run(self) -> None:
        """Send until the window ends, then wait for what is under way, each request at most until its timeout."""
        self._tls = self._target.tls()
        self._replenish()
        sweeper = asyncio.create_task(self._sweep_regularly())
        try:
            await self._finished.wait()
        finally:
            sweeper.cancel()
            await self._close()

    def stop(self) -> None:
        """Send nothing more; what is under way has a moment left."""
        self._window.close(monotonic())
        asyncio.get_running_loop().call_later(STOP_SECONDS, self._finished.set)

    def dispatch(self) -> None:
        """Send what waits on the connections that are free, and open more where these do not suffice."""
        now = monotonic()
        while self._idle and (due := self._arrivals.take(now)) is not None:
            self._tally.sent(due, now)
            self._send(self._idle.pop(), due)
        self._open_for_waiting()

    def opened(self, connection: Connection) -> None:
        """A connection is there: use it."""
        self._connections.add(connection)
        self._tally.counts.opened += 1
        self._offer(connection, monotonic())

    def answered(self, connection: Connection, status: int, *, has_retry_after: bool) -> None:
        """A connection is free again: use it."""
        now = monotonic()
        self._busy -= 1
        self._tally.answered(connection.due, now, status, has_retry_after=has_retry_after)
        if not connection.is_closing:
            self._offer(connection, now)

    def lost(self, connection: Connection, kind: str) -> None:
        """A connection is gone; the request that was under way on it has failed."""
        self._connections.discard(connection)
        if self._finished.is_set():
            return
        if connection.is_busy:
            self._busy -= 1
            self._tally.failed(connection.due, kind)
        elif connection in self._idle:
            self._idle.remove(connection)
        self._replenish()
        self._settle(monotonic())

    def _offer(self, connection: Connection, now: float) -> None:
        """Send the next request on it, or keep it free."""
        due = self._arrivals.take(now)
        if due is not None:
            self._send(connection, due)
            return
        connection.used = now
        self._idle.append(connection)
        self._settle(now)

    def _send(self, connection: Connection, due: float) -> None:
        """Send one request."""
        self._busy += 1
        connection.send(next(self._messages), due)

    def _settle(self, now: float) -> None:
        """Finish when nothing is under way and nothing more will come."""
        if not self._busy and self._arrivals.is_over(now):
            self._finished.set()

    def _replenish(self) -> None:
        """Open what should always be there, until the window ends."""
        if monotonic() < self._window.end:
            self._open(self._keep - len(self._connections))
        self._open_for_waiting()

    def _open_for_waiting(self) -> None:
        """Open one connection for each request that waits."""
        self._open(min(self._arrivals.waiting, self._limit - len(self._connections)))

    def _open(self, count: int) -> None:
        """Let so many connections be opening."""
        for _ in range(count - len(self._opening)):
            task = asyncio.create_task(self._connect())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _connect(self) -> None:
        """Open one connection; where that fails, one request has failed with it."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout):
                await loop.create_connection(
                    lambda: Connection(self), self._target.host, self._target.port, ssl=self._tls
                )
        except OSError as error:  # TimeoutError and ssl.SSLError are such
            due = self._arrivals.take(monotonic())
            if due is not None:
                self._tally.failed(due, reason_of(error))

    async def _sweep_regularly(self) -> None:
        """Look after what waits until the engine is done."""
        while True:
            await asyncio.sleep(min(SWEEP_SECONDS, self._timeout / 4))
            self._sweep(monotonic())

    def _sweep(self, now: float) -> None:
        """Give up the requests whose time is over and the connections that were free for long; mend what broke."""
        before = now - self._timeout
        for connection in [one for one in self._connections if one.is_busy and one.due < before]:
            connection.is_busy = False
            self._busy -= 1
            self._tally.timed_out(connection.due, now)
            connection.abort()
        while (due := self._arrivals.expired(before)) is not None:
            self._tally.timed_out(due, now)
        while self._idle and self._idle[0].used < now - IDLE_SECONDS:
            self._idle.pop(0).abort()
        self._replenish()
        self._settle(now)

    async def _close(self) -> None:
        """Close every connection."""
        self._finished.set()
        for task in tuple(self._opening):
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for connection in tuple(self._connections):
            connection.abort()
