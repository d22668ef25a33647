"""The alarm clock, with the system's timer and without."""

import asyncio
from time import monotonic

import pytest

from app.bench.pacer import Pacer


@pytest.fixture(params=["system", "loop"])
async def pacer_of(request, monkeypatch):
    """Makes an open pacer: with the system's timer, or as if there were none."""
    pacers = []

    def make(due):
        pacer = Pacer(asyncio.get_running_loop(), due)
        if request.param == "loop":
            monkeypatch.setattr(pacer, "_system", object())
        pacer.open()
        pacers.append(pacer)
        return pacer

    yield make
    for pacer in pacers:
        pacer.close()
        pacer.close()


async def test_it_never_calls_before_the_time(pacer_of):
    called = asyncio.get_running_loop().create_future()
    pacer = pacer_of(lambda: called.set_result(monotonic()))
    due = monotonic() + 0.02
    pacer.wake_at(due)
    assert await called >= due - 0.001  # the event loop's own timers round by that


async def test_a_time_that_has_passed_calls_at_once(pacer_of):
    called = asyncio.Event()
    pacer_of(called.set).wake_at(monotonic() - 5)
    await called.wait()


async def test_the_last_time_that_was_set_holds(pacer_of):
    calls = []
    done = asyncio.Event()
    pacer = pacer_of(lambda: (calls.append(1), done.set()))
    pacer.wake_at(monotonic() + 0.01)
    pacer.wake_at(monotonic() + 3600)
    pacer.wake_at(monotonic() + 0.02)
    await done.wait()
    assert calls == [1]


async def test_a_closed_pacer_calls_nobody(pacer_of):
    calls = []
    pacer = pacer_of(lambda: calls.append(1))
    pacer.wake_at(monotonic())
    pacer.close()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert calls == []
