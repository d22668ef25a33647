"""The callers of a soak: each sends one request after the other, drawn from the mix, until the time is over."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import httpx

from scripts.benchmark.soak.exchanges import Exchange, burst_exchange, mixed_exchanges
from scripts.benchmark.soak.outcome import Outcome

TIMEOUT_SECONDS = 60.0
KEEP_ALIVE_SECONDS = 2.0
"""Shorter than the server's, so that no request goes out on a connection that is being closed."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is sent: so many callers at a time, and now and then a burst of so many requests at once."""

    callers: int = 8
    burst_requests: int = 24
    burst_every_seconds: float = 20.0
    seed: int = 20260101


@dataclass(frozen=True, slots=True)
class Soak:
    """A soak of the server at `origin` for `seconds`; memory counts once `warmup_seconds` have passed."""

    origin: str
    seconds: float
    warmup_seconds: float
    sample_every_seconds: float
    memory_mib: Callable[[], float]
    load: Load = Load()

    async def run(self) -> Outcome:
        """Send the mix to its end and hand back what came of it."""
        outcome = Outcome()
        end = monotonic() + self.seconds
        limits = httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS)
        async with (
            httpx.AsyncClient(base_url=self.origin, timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False) as client,
            asyncio.TaskGroup() as group,
        ):
            for number in range(self.load.callers):
                group.create_task(self._call(client, outcome, end, random.Random(self.load.seed + number)))  # noqa: S311
            group.create_task(self._burst(client, outcome, end))
            group.create_task(self._sample(outcome, end))
        return outcome

    async def _call(self, client: httpx.AsyncClient, outcome: Outcome, end: float, numbers: random.Random) -> None:
        """One caller."""
        exchanges = mixed_exchanges()
        weights = [exchange.weight for exchange in exchanges]
        while monotonic() < end:
            (exchange,) = numbers.choices(exchanges, weights)
            if exchange.leaves:
                await _leave(self.origin, exchange, outcome)
            else:
                await _send(client, exchange, outcome)

    async def _burst(self, client: httpx.AsyncClient, outcome: Outcome, end: float) -> None:
        """Overload the server, let it recover, and again."""
        exchange = burst_exchange()
        while (wait := min(self.load.burst_every_seconds, end - monotonic())) > 0:
            await asyncio.sleep(wait)
            await asyncio.gather(*(_send(client, exchange, outcome) for _ in range(self.load.burst_requests)))

    async def _sample(self, outcome: Outcome, end: float) -> None:
        """Look at the memory at fixed times."""
        await asyncio.sleep(min(self.warmup_seconds, max(end - monotonic(), 0)))
        while True:
            outcome.memory_mib.append(await asyncio.to_thread(self.memory_mib))
            if monotonic() + self.sample_every_seconds >= end:
                return
            await asyncio.sleep(self.sample_every_seconds)


async def _send(client: httpx.AsyncClient, exchange: Exchange, outcome: Outcome) -> None:
    """One request and its answer."""
    try:
        answer = await client.request(
            exchange.method, exchange.path, content=exchange.content, headers=dict(exchange.headers)
        )
    except httpx.TransportError as error:
        outcome.failed(exchange, type(error).__name__)
    else:
        outcome.answered(exchange, answer.status_code, has_retry_after="retry-after" in answer.headers)


async def _leave(origin: str, exchange: Exchange, outcome: Outcome) -> None:
    """Send a request and close the connection without waiting for its answer."""
    parts = urlsplit(origin)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError as error:
        outcome.failed(exchange, type(error).__name__)
        return
    writer.write(_head(exchange, parts.netloc) + exchange.content)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    outcome.left(exchange)


def _head(exchange: Exchange, host: str) -> bytes:
    """The request's lines before its body."""
    lines: Sequence[str] = [
        f"{exchange.method} {exchange.path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {len(exchange.content)}",
        *(f"{name}: {value}" for name, value in exchange.headers.items()),
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n"
