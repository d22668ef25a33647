"""Who takes the steps of an operation: sends with httpx, waits, and tells what became of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from app.client.exchange import NoReply, Outcome, Reply, Result, Send, Steps, Wait

TOO_LATE = NoReply("no answer in time", is_late=True)


class Transport:
    """For threads: any number may use it at once."""

    def __init__(self, http: httpx.Client, sleep: Callable[[float], object]) -> None:
        self._http = http
        self._sleep = sleep

    def run(self, steps: Steps[Result]) -> Result:
        """The operation's result; raises what it raises."""
        outcome: Outcome = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                result: Result = end.value
                return result
            outcome = self._take(step)

    def close(self) -> None:
        """Close all connections; safe to call twice."""
        self._http.close()

    def _take(self, step: Send | Wait) -> Outcome:
        """One step."""
        if isinstance(step, Wait):
            self._sleep(step.seconds)
            return None
        try:
            return self._reply(step)
        except httpx.TimeoutException:
            return TOO_LATE
        except httpx.RequestError as error:
            return _broken(error)

    def _reply(self, step: Send) -> Reply | NoReply:
        """The whole answer, part by part: httpx's own timeout is one for each."""
        deadline = time.monotonic() + step.timeout_seconds
        content = bytearray()
        with self._http.stream(**_arguments(step), timeout=step.timeout_seconds) as response:
            for part in response.iter_bytes():
                content += part
                if time.monotonic() > deadline:
                    return TOO_LATE
            return Reply(response.status_code, dict(response.headers), bytes(content))


class AsyncTransport:
    """For one event loop."""

    def __init__(self, http: httpx.AsyncClient, sleep: Callable[[float], Awaitable[object]]) -> None:
        self._http = http
        self._sleep = sleep

    async def run(self, steps: Steps[Result]) -> Result:
        """The operation's result; raises what it raises."""
        outcome: Outcome = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                result: Result = end.value
                return result
            outcome = await self._take(step)

    async def close(self) -> None:
        """Close all connections; safe to call twice."""
        await self._http.aclose()

    async def _take(self, step: Send | Wait) -> Outcome:
        """One step."""
        if isinstance(step, Wait):
            await self._sleep(step.seconds)
            return None
        try:
            async with asyncio.timeout(step.timeout_seconds):
                response = await self._http.request(**_arguments(step), timeout=None)
                return Reply(response.status_code, dict(response.headers), response.content)
        except TimeoutError:
            return TOO_LATE
        except httpx.RequestError as error:
            return _broken(error)


def _arguments(step: Send) -> dict[str, Any]:
    """What httpx is given for either."""
    request = step.request
    return {
        "method": request.method,
        "url": request.path,
        "params": request.query,
        "content": request.body,
        "headers": step.headers,
    }


def _broken(error: httpx.RequestError) -> NoReply:
    """What can be told of a connection that failed."""
    return NoReply(str(error) or type(error).__name__)
