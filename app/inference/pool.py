"""Where batches run: on the model's instances, each batch on the event loop itself or on a thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from app.types import Runtime

Result = TypeVar("Result")


class Pool:
    """A model's instances; each runs one batch at a time.

    A thread cannot be ended: an instance whose model hangs stays busy until that run returns, and serves nobody
    meanwhile; its callers are answered at their deadlines. One that may hang belongs in a process.
    """

    def __init__(self, runtimes: Sequence[Runtime]) -> None:
        self.instances = len(runtimes)
        self._runtimes = tuple(runtimes)
        self._idle = list(runtimes)
        self._executor = ThreadPoolExecutor(len(runtimes), thread_name_prefix="instance")

    @property
    def idle(self) -> int:
        """Instances that are free now."""
        return len(self._idle)

    def start(self, work: Callable[[Runtime], Result], done: Callable[[Result], None], *, inline: bool) -> None:
        """Run `work` on a free instance and call `done` with its result, on the event loop.

        Only while `idle`; `work` must not raise. `inline` runs the work on the event loop too, and both have been
        called on return: right for batches of about 2 ms at most, which a thread would only delay (handing over costs
        more than 100 µs of CPU).
        """
        runtime = self._idle.pop()
        if inline:
            result = work(runtime)
            self._idle.append(runtime)
            done(result)
        else:
            future = asyncio.get_running_loop().run_in_executor(self._executor, work, runtime)
            future.add_done_callback(partial(self._finished, runtime, done))

    def close(self) -> None:
        """Close the runtimes; a batch that still runs, past every grace, is not waited for."""
        self._executor.shutdown(wait=self.idle == self.instances)
        for runtime in self._runtimes:
            runtime.close()

    def _finished(self, runtime: Runtime, done: Callable[[Result], None], future: asyncio.Future[Result]) -> None:
        """Back on the event loop: the instance is free, the result is handed on."""
        self._idle.append(runtime)
        if not future.cancelled():
            done(future.result())
