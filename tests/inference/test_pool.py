"""Where batches run."""

import asyncio
import threading

import pytest

from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime


@pytest.fixture
def runtimes(doubling) -> list[FakeRuntime]:
    """Two open runtimes of the doubling model."""
    return [FakeRuntime(doubling.signature, doubling.answer) for _ in range(2)]


def test_inline_the_work_and_its_result_are_done_on_return(runtimes):
    pool = Pool(runtimes[:1])
    results = []
    pool.start(lambda runtime: (threading.current_thread(), runtime), results.append, inline=True)
    assert results == [(threading.current_thread(), runtimes[0])]
    assert pool.idle == 1
    pool.close()


async def test_on_threads_the_result_comes_back_to_the_event_loop(runtimes):
    pool = Pool(runtimes)
    done = asyncio.get_running_loop().create_future()
    pool.start(
        lambda runtime: threading.current_thread(),
        lambda thread: done.set_result((thread, threading.current_thread())),
        inline=False,
    )
    assert pool.idle == 1
    worker, receiver = await done
    assert worker.name.startswith("instance")
    assert receiver is threading.current_thread()
    assert pool.idle == pool.instances == 2
    pool.close()


async def test_each_instance_runs_one_batch_at_a_time(runtimes):
    pool = Pool(runtimes)
    gate = threading.Event()
    used, done = [], [asyncio.get_running_loop().create_future() for _ in range(2)]

    def work(runtime):
        gate.wait(30)
        return runtime

    for future in done:
        pool.start(work, future.set_result, inline=False)
    assert pool.idle == 0
    gate.set()
    used = await asyncio.gather(*done)
    assert {id(runtime) for runtime in used} == {id(runtime) for runtime in runtimes}
    pool.close()


async def test_a_batch_that_is_given_up_frees_its_instance_and_hands_nothing_on(runtimes):
    pool = Pool(runtimes)
    runtime = pool._idle.pop()
    given_up = asyncio.get_running_loop().create_future()
    given_up.cancel()
    results = []
    pool._finished(runtime, results.append, given_up)
    assert pool.idle == 2
    assert results == []
    pool.close()


def test_closing_closes_every_runtime(runtimes):
    Pool(runtimes).close()
    assert [runtime.is_open for runtime in runtimes] == [False, False]


async def test_closing_does_not_wait_for_a_batch_that_hangs(runtimes):
    pool = Pool(runtimes)
    gate = threading.Event()
    done = asyncio.get_running_loop().create_future()
    pool.start(lambda runtime: gate.wait(30), done.set_result, inline=False)
    try:
        pool.close()
        assert [runtime.is_open for runtime in runtimes] == [False, False]
    finally:
        gate.set()
    assert await done
