"""The child process of the generator: takes steps from its parent, runs them, hands back what it counted."""

import asyncio
import contextlib
import gc
import os
import resource
import signal
from multiprocessing.connection import Connection

from app.bench.request import Load
from app.bench.step import Step
from app.bench.step_run import Event, StepRun

SPARE_DESCRIPTORS = 64


def serve_steps(connection: Connection, load: Load, seed: int) -> None:
    """Run every step that comes over the connection, until it closes; anything that comes meanwhile stops a step.

    Events go back while a step runs, then its `Counts`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            step = connection.recv()
            if not isinstance(step, Step):
                continue  # a word to stop that came after the end
            _allow_descriptors(step.connections + SPARE_DESCRIPTORS)
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                counts = runner.run(_run(connection, load, step, seed))
            connection.send(counts)


async def _run(connection: Connection, load: Load, step: Step, seed: int) -> object:
    """Run one step, as quietly as it can be."""

    def report(event: Event) -> None:
        with contextlib.suppress(ConnectionError):
            connection.send(event)

    def stop() -> None:
        loop.remove_reader(connection.fileno())
        with contextlib.suppress(EOFError, ConnectionError):
            connection.recv()
        run.stop()

    run = StepRun(load, step, report, seed)
    loop = asyncio.get_running_loop()
    loop.add_reader(connection.fileno(), stop)
    os.set_blocking(connection.fileno(), True)  # libuv makes it what `Connection` cannot be
    gc.collect()
    gc.disable()  # a pause here would be measured as the server's
    try:
        return await run.run()
    finally:
        gc.enable()
        loop.remove_reader(connection.fileno())


def _allow_descriptors(count: int) -> None:
    """Raise the limit of open files where it is too low and may be raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _loop_factory() -> "type[asyncio.AbstractEventLoop] | None":
    """Uvloop's event loop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415  # not on every platform
    except ImportError:
        return None
    return uvloop.Loop
