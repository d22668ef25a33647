"""Virtual time: a real batcher over a pool whose batches take time on a clock that jumps, so that no test waits."""

import asyncio
import random
import selectors
from collections.abc import Callable, Iterator

import pytest

from app.inference.batcher import Batcher
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.types import Runtime


class JumpingSelector(selectors.SelectSelector):
    """Instead of waiting for sockets, of which there are none, moves the loop's clock."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list:
        assert timeout is not None, "everybody waits for somebody"
        self.now += max(timeout, 0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is virtual, from 0."""

    def __init__(self) -> None:
        self.clock = JumpingSelector()
        super().__init__(self.clock)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.clock.now

    def run_until(self, seconds: float) -> None:
        """Run everything that happens before that time."""
        self.call_at(seconds, self.stop)
        self.run_forever()


class SimulatedPool:
    """Instances whose batches run at once and whose results come after `seconds_of` their rows."""

    def __init__(self, loop: VirtualLoop, runtime: Runtime, instances: int, seconds_of: Callable[[int], float]) -> None:
        self.instances = self.idle = instances
        self._loop = loop
        self._runtime = runtime
        self._seconds_of = seconds_of

    def start(self, work: Callable, done: Callable, *, inline: bool) -> None:
        assert not inline  # nothing was measured
        self.idle -= 1
        ran = len(self._runtime.batches)
        result = work(self._runtime)
        seconds = sum(map(self._seconds_of, self._runtime.batches[ran:]))
        self._loop.call_later(seconds, self._finished, done, result)

    def _finished(self, done: Callable, result: list) -> None:
        self.idle += 1
        done(result)


@pytest.fixture
def virtual_loop() -> Iterator[VirtualLoop]:
    """A loop in virtual time, which `asyncio.get_running_loop` gives to whatever runs on it."""
    loop = VirtualLoop()
    yield loop
    loop.close()


@pytest.fixture
def simulated(virtual_loop, doubling, observer) -> Callable[..., Batcher]:
    """Makes a batcher of the doubling model on the virtual loop; a batch takes 1 ms and 0.1 ms more for each row."""

    def make(
        *,
        instances: int = 1,
        max_batch_rows: int = 8,
        max_queue_rows: int = 64,
        fixed: float = 1e-3,
        each: float = 1e-4,
    ) -> Batcher:
        jitter = random.Random(1)
        runtime = FakeRuntime(doubling.signature, doubling.answer)
        pool = SimulatedPool(
            virtual_loop, runtime, instances, lambda rows: (fixed + rows * each) * jitter.uniform(0.8, 1.2)
        )
        limits = {"sizing": Sizing(max_batch_rows), "max_queue_rows": max_queue_rows}
        return Batcher(pool, doubling.signature, observer, clock=virtual_loop.time, **limits)

    return make
