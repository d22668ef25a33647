"""The end of a living model."""

import asyncio
import threading
from dataclasses import replace

import pytest

from app.errors import NotReady
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.lifecycle.loading import load_version
from app.repository.scanner import VersionFolder


@pytest.fixture
def model_of(tiny_models, doubling, observer):
    """Makes a living model of one runtime."""

    def make(runtime):
        folder = VersionFolder("adder", 1, tiny_models / "adder" / "1")
        pool = Pool([runtime])
        batcher = Batcher(pool, doubling.signature, observer, sizing=Sizing(8), max_queue_rows=8)
        return replace(load_version(folder, observer, 8), pool=pool, batcher=batcher)

    return make


async def test_closing_lets_the_rows_that_wait_finish_and_gives_everything_back(model_of, doubling):
    runtime = FakeRuntime(doubling.signature, doubling.answer)
    model = model_of(runtime)
    caller = asyncio.ensure_future(model.batcher.run(doubling.request(1), 30))
    await asyncio.sleep(0)
    await model.close(30)
    assert caller.result().outputs["y"].item() == 2
    assert runtime.is_open is False
    with pytest.raises(NotReady):
        await model.batcher.run(doubling.request(1), 30)


async def test_a_runtime_that_is_slow_to_close_does_not_hold_the_event_loop(model_of, doubling):
    released = threading.Event()
    answered = []

    class Slow(FakeRuntime):
        def close(self):
            answered.append(released.wait(10))
            super().close()

    closing = asyncio.ensure_future(model_of(Slow(doubling.signature, doubling.answer)).close(0))
    for _ in range(5):
        await asyncio.sleep(0)
    released.set()
    await closing
    assert answered == [True]
