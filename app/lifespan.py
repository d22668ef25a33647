"""Opens everything when the process starts and closes it in reverse: models, and the way out on SIGTERM."""

import asyncio
import gc
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from types import FrameType
from typing import Protocol

from fastapi import FastAPI

from app.lifecycle.loader import Loader
from app.lifecycle.readiness import Readiness
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics
from app.settings import Settings

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.2
"""How far what one worker counted may be behind when another one is scraped."""

LISTEN_AFTER_SECONDS = 3.0
"""A process takes no connection before its models are loaded, or this has passed: a slow model must not hide health."""


class Port(Protocol):
    """Another way in beside HTTP, on a port of its own: gRPC, which only who opens it imports."""

    async def open(self) -> None:
        """Take calls from now on."""

    def readiness_changed(self) -> None:
        """The process has become ready, or is draining."""

    async def close(self, drain_seconds: float) -> None:
        """Take no more calls, and let those in flight finish for so long."""


def make_lifespan(
    settings: Settings,
    loader: Loader,
    readiness: Readiness,
    metrics: Metrics,
    access_log: AccessLog | None,
    *,
    port: Port | None = None,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The lifespan of an application: it loads before it listens, or beside that, and drains on the way out."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if access_log is not None:
                stack.callback(access_log.flush)
            stack.enter_context(_flushing(metrics))
            stack.push_async_callback(_close_models, readiness, settings.drain_seconds)
            loading = asyncio.get_running_loop().create_task(_load(loader, readiness, metrics))
            stack.push_async_callback(_cancel, loading)
            await asyncio.wait({loading}, timeout=LISTEN_AFTER_SECONDS)
            if port is not None:
                await port.open()
                stack.push_async_callback(port.close, settings.drain_seconds)
                loading.add_done_callback(lambda _: port.readiness_changed())
            stack.enter_context(_draining(readiness, metrics, port, settings.drain_delay_seconds))
            yield

    return lifespan


@contextmanager
def _flushing(metrics: Metrics) -> Iterator[None]:
    """Hand over the metrics' tallies now and then, for the worker that is scraped next, and at the end."""
    loop = asyncio.get_running_loop()
    timers: list[asyncio.TimerHandle] = []

    def flush() -> None:
        metrics.flush()
        timers[:] = [loop.call_later(FLUSH_SECONDS, flush)]

    flush()
    try:
        yield
    finally:
        timers[0].cancel()
        metrics.flush()


async def _load(loader: Loader, readiness: Readiness, metrics: Metrics) -> None:
    """Load the models; then what lives will live long, and the garbage collector need not look at it again."""
    try:
        await loader.load_all()
    except Exception:
        logger.exception("loading failed")
        raise
    metrics.set_ready(ready=not readiness.missing())
    gc.collect()
    gc.freeze()
    fields = {"status": readiness.status(), "models": readiness.registry.names()}
    logger.info("loading is over", extra={"fields": fields})


async def _cancel(task: asyncio.Task[None]) -> None:
    """End a task that nobody needs any more."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _close_models(readiness: Readiness, drain_seconds: float) -> None:
    """Let every model finish its rows, then close it."""
    readiness.is_draining = True
    await asyncio.gather(*(model.close(drain_seconds) for model in readiness.registry.clear()))
    gc.unfreeze()


@contextmanager
def _draining(readiness: Readiness, metrics: Metrics, port: Port | None, delay_seconds: float) -> Iterator[None]:
    """On SIGTERM say at once that the process is not ready; pass the signal on after the delay.

    The delay gives load balancers the time to look elsewhere before the port is closed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    previous = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        metrics.set_ready(ready=False)
        if port is not None:
            port.readiness_changed()
        if callable(previous):
            loop.call_later(delay_seconds, previous, number, frame)

    def on_sigterm(number: int, frame: FrameType | None) -> None:
        readiness.is_draining = True
        # This runs between any two instructions, maybe while a metric's lock is held: the loop does the rest.
        loop.call_soon_threadsafe(drain, number, frame)

    signal.signal(signal.SIGTERM, on_sigterm)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
