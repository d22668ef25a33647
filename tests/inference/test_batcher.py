"""When batches run, and what becomes of those who wait."""

import asyncio
from functools import partial

import numpy as np
import pytest

from app.errors import DeadlineExceeded, InferenceFailed, NotReady, QueueFull
from app.types import Priority, Rows


async def entered(doubling, batches: int = 1) -> None:
    """The model has begun so many more batches."""
    for _ in range(batches):
        assert await asyncio.to_thread(doubling.entered.acquire, timeout=30)


@pytest.mark.parametrize("inline", [True, False])
async def test_a_single_row_runs_at_once(batcher_of, doubling, observer, inline):
    result = await batcher_of(inline=inline).run(doubling.request(3), 30)
    assert result.outputs["y"].tolist() == [[6]]
    assert observer.batches == [1]
    assert result.queue_seconds >= 0
    assert result.infer_seconds >= 0


@pytest.mark.parametrize("inline", [True, False])
async def test_callers_of_one_loop_turn_share_a_batch(batcher_of, doubling, inline):
    batcher = batcher_of(inline=inline)
    results = await asyncio.gather(*(batcher.run(doubling.request(number), 30) for number in range(5)))
    assert [result.outputs["y"].item() for result in results] == [0, 2, 4, 6, 8]
    assert doubling.ran == [[0, 1, 2, 3, 4]]


async def test_rows_gather_only_while_the_instance_is_busy(batcher_of, doubling):
    batcher = batcher_of()
    doubling.gate.clear()
    first = asyncio.ensure_future(batcher.run(doubling.request(1), 30))
    await entered(doubling)
    others = [asyncio.ensure_future(batcher.run(doubling.request(number), 30)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    assert doubling.ran == [[1]]
    assert batcher.queued_rows == 3
    doubling.gate.set()
    await asyncio.gather(first, *others)
    assert doubling.ran == [[1], [2, 3, 4]]
    assert batcher.queued_rows == 0


async def test_a_request_larger_than_a_batch_is_split_and_rejoined_in_order(batcher_of, doubling, observer):
    batcher = batcher_of(instances=2, max_batch_rows=8)
    result = await batcher.run(doubling.request(*range(50)), 30)
    assert result.outputs["y"][:, 0].tolist() == [2 * number for number in range(50)]
    assert sorted(observer.batches) == [2, 8, 8, 8, 8, 8, 8]


async def test_rows_of_different_shapes_never_share_a_batch(batcher_of, doubling, observer):
    batcher = batcher_of()
    narrow, wide, again = (doubling.request(1), doubling.request(2, width=3), doubling.request(3))
    results = await asyncio.gather(*(batcher.run(rows, 30) for rows in (narrow, wide, again)))
    assert [result.outputs["y"].shape for result in results] == [(1, 1), (1, 3), (1, 1)]
    assert observer.batches == [2, 1]


async def test_several_instances_run_side_by_side(batcher_of, doubling):
    batcher = batcher_of(instances=3)
    doubling.gate.clear()
    callers = []
    for number in range(3):
        callers.append(asyncio.ensure_future(batcher.run(doubling.request(number), 30)))
        await entered(doubling)
    assert doubling.ran == [[0], [1], [2]]
    doubling.gate.set()
    assert [result.outputs["y"].item() for result in await asyncio.gather(*callers)] == [0, 2, 4]


async def test_an_error_reaches_its_caller(batcher_of, doubling):
    doubling.hated = frozenset({5})
    with pytest.raises(InferenceFailed, match="hates"):
        await batcher_of().run(doubling.request(5), 30)


async def test_an_error_in_one_slice_fails_the_request_and_drops_its_other_rows(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=2)
    doubling.hated = frozenset({1})
    with pytest.raises(InferenceFailed):
        await batcher.run(doubling.request(1, 2, 3, 4, 5, 6, 7, 8), 30)
    assert batcher.queued_rows == 0
    assert (await batcher.run(doubling.request(9), 30)).outputs["y"].item() == 18
    assert [7, 8] not in doubling.ran


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda tensors: {"y": tensors["x"][:-1]}, "expected 2 rows of 'y'; received the shape \\[1, 1\\]"),
        (lambda tensors: {"z": tensors["x"]}, "expected an output 'y'; received z"),
        (lambda tensors: {}, "expected an output 'y'; received none"),
        (lambda tensors: {"y": np.float32(1)}, "received the shape \\[\\]"),
        (lambda tensors: {"y": tensors["x"] * np.inf}, "NaN or infinity"),
        (lambda tensors: tensors["missing"], "KeyError"),
        (lambda tensors: None, "TypeError"),
    ],
    ids=["wrong length", "missing output", "no output", "no rows", "not finite", "exception", "nothing"],
)
async def test_a_result_that_does_not_fit_fails_the_caller(batcher_of, doubling, monkeypatch, answer, message):
    monkeypatch.setattr(doubling, "answer", answer)
    batcher = batcher_of()
    with pytest.raises(InferenceFailed, match=message):
        await batcher.run(doubling.request(1, 2), 30)


async def test_a_full_queue_refuses_at_once_and_says_when_to_come_back(batcher_of, doubling, observer):
    batcher = batcher_of(max_batch_rows=1, max_queue_rows=2)
    assert batcher.retry_after_seconds() == 1.0
    await batcher.run(doubling.request(0), 30)
    doubling.gate.clear()
    callers = [asyncio.ensure_future(batcher.run(doubling.request(1), 30))]
    await entered(doubling, 2)
    callers += [asyncio.ensure_future(batcher.run(doubling.request(number), 30)) for number in (2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match="2 rows wait already, of 2 that may") as refusal:
        await batcher.run(doubling.request(4), 30)
    assert refusal.value.retry_after_seconds == batcher.retry_after_seconds() > 0
    assert observer.queue[-1] == 2
    doubling.gate.set()
    await asyncio.gather(*callers)
    assert doubling.ran == [[0], [1], [2], [3]]


async def test_a_request_larger_than_the_queue_is_taken_while_nobody_waits(batcher_of, doubling):
    result = await batcher_of(max_queue_rows=2, max_batch_rows=4).run(doubling.request(1, 2, 3, 4, 5), 30)
    assert len(result.outputs["y"]) == 5


async def test_a_deadline_that_passes_in_the_queue_drops_the_rows(batcher_of, doubling):
    batcher = batcher_of()
    doubling.gate.clear()
    first = asyncio.ensure_future(batcher.run(doubling.request(1), 30))
    await entered(doubling)
    with pytest.raises(DeadlineExceeded, match="ms in the queue"):
        await batcher.run(doubling.request(2), 0.001)
    assert batcher.queued_rows == 0
    doubling.gate.set()
    await first
    await batcher.run(doubling.request(3), 30)
    assert doubling.ran == [[1], [3]]


async def test_a_deadline_that_passes_while_the_model_hangs_ends_the_wait(batcher_of, doubling):
    batcher = batcher_of()
    doubling.gate.clear()
    try:
        with pytest.raises(DeadlineExceeded, match=r"no answer within \d+ ms, of which \d+ ms in the queue"):
            await batcher.run(doubling.request(1), 0.05)
    finally:
        doubling.gate.set()
    assert (await batcher.run(doubling.request(2), 30)).outputs["y"].item() == 4


@pytest.mark.parametrize("inline", [True, False])
async def test_a_caller_without_time_left_is_not_run(batcher_of, doubling, inline):
    batcher = batcher_of(inline=inline)
    with pytest.raises(DeadlineExceeded):
        await batcher.run(doubling.request(1), 0.0)
    assert doubling.ran == []
    assert batcher.queued_rows == 0
    await batcher.drain(30)


async def test_a_caller_that_leaves_while_its_row_runs_gets_nothing_and_keeps_nobody(batcher_of, doubling):
    batcher = batcher_of()
    doubling.gate.clear()
    caller = asyncio.ensure_future(batcher.run(doubling.request(1), 30))
    await entered(doubling)
    caller.cancel()
    assert isinstance((await asyncio.gather(caller, return_exceptions=True))[0], asyncio.CancelledError)
    doubling.gate.set()
    await batcher.drain(30)
    assert batcher._open == set()


async def test_the_rest_of_a_split_request_goes_with_its_caller(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=2)
    doubling.gate.clear()
    caller = asyncio.ensure_future(batcher.run(doubling.request(1, 2, 3, 4, 5), 30))
    await entered(doubling)
    assert batcher.queued_rows == 3
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert batcher.queued_rows == 0
    doubling.gate.set()
    await batcher.drain(30)
    assert doubling.ran == [[1, 2]]


async def test_a_caller_that_withdraws_before_its_turn_is_never_run_and_never_answered(batcher_of, doubling):
    batcher = batcher_of(inline=True)
    answers = []
    leaves = batcher.submit(doubling.request(1), 30, Priority.NORMAL, answers.append)
    stays = asyncio.ensure_future(batcher.run(doubling.request(2), 30))
    batcher.withdraw(leaves)
    assert (await stays).outputs["y"].item() == 4
    assert doubling.ran == [[2]]
    assert answers == []


async def test_draining_waits_for_the_rows_that_wait(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=1)
    doubling.gate.clear()
    callers = [asyncio.ensure_future(batcher.run(doubling.request(number), 30)) for number in range(4)]
    await entered(doubling)
    draining = asyncio.ensure_future(batcher.drain(30))
    await asyncio.sleep(0)
    with pytest.raises(NotReady, match="shutting down"):
        await batcher.run(doubling.request(9), 30)
    assert not draining.done()
    doubling.gate.set()
    await draining
    assert all(caller.done() for caller in callers)
    assert [caller.result().outputs["y"].item() for caller in callers] == [0, 2, 4, 6]


async def test_draining_refuses_what_is_left_after_the_grace(batcher_of, doubling, observer):
    batcher = batcher_of(max_batch_rows=2)
    doubling.gate.clear()
    running = asyncio.ensure_future(batcher.run(doubling.request(1, 2, 3), 30))
    await entered(doubling)
    waiting = asyncio.ensure_future(batcher.run(doubling.request(4), 30))
    await asyncio.sleep(0)
    await batcher.drain(0.001)
    outcomes = await asyncio.gather(running, waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NotReady, NotReady]
    assert batcher.queued_rows == 0
    assert observer.queue[-1] == 0
    doubling.gate.set()
    await batcher.drain(30)
    assert doubling.ran == [[1, 2]]


async def test_draining_ends_when_the_last_caller_that_waits_leaves(batcher_of, doubling):
    batcher = batcher_of(max_batch_rows=1)
    doubling.gate.clear()
    running = asyncio.ensure_future(batcher.run(doubling.request(1), 30))
    await entered(doubling)
    waiting = asyncio.ensure_future(batcher.run(doubling.request(2), 30))
    draining = asyncio.ensure_future(batcher.drain(30))
    await asyncio.sleep(0)
    waiting.cancel()
    doubling.gate.set()
    await draining
    assert (await running).outputs["y"].item() == 2
    assert doubling.ran == [[1]]


async def test_draining_an_idle_batcher_returns_at_once(batcher_of):
    batcher = batcher_of()
    await batcher.drain(30)
    await batcher.drain(0)


async def test_the_observer_sees_the_queue_grow_and_empty(batcher_of, doubling, observer):
    batcher = batcher_of(max_batch_rows=2)
    await asyncio.gather(*(batcher.run(doubling.request(number), 30) for number in range(3)))
    assert max(observer.queue) == 3
    assert observer.queue[-1] == 0
    assert sum(observer.batches) == 3


async def test_nobody_is_answered_before_submit_returns(batcher_of, doubling):
    batcher, answers = batcher_of(inline=True), []
    job = batcher.submit(doubling.request(1), 30, Priority.NORMAL, answers.append)
    assert answers == []
    assert job.is_open
    await asyncio.sleep(0)
    assert [answer.outputs["y"].item() for answer in answers] == [2]
    assert not job.is_open


async def test_a_caller_may_ask_again_while_it_is_answered(batcher_of, doubling):
    batcher = batcher_of(inline=True)
    done = asyncio.get_running_loop().create_future()

    def again(answer):
        batcher.submit(doubling.request(answer.outputs["y"].item()), 30, Priority.NORMAL, done.set_result)

    batcher.submit(doubling.request(1), 30, Priority.NORMAL, again)
    assert (await done).outputs["y"].item() == 4


async def test_rows_of_several_shapes_are_answered_together_in_the_callers_order(batcher_of, doubling, monkeypatch):
    monkeypatch.setattr(doubling, "answer", lambda tensors: {"y": tensors["x"].sum(axis=1)})
    groups = (doubling.rows(1, 3), doubling.rows(2, width=2))
    result = await batcher_of(instances=2).run(Rows(groups, np.array([0, 2, 1])), 30)
    assert result.outputs["y"].tolist() == [1, 4, 3]


@pytest.fixture
async def full(batcher_of, doubling):
    """A batcher whose queue holds all that it may, one row of each class and two of the lowest; and its answers."""
    batcher, answers = batcher_of(max_batch_rows=1, max_queue_rows=4), {}
    doubling.gate.clear()
    batcher.submit(doubling.request(0), 30, Priority.NORMAL, partial(answers.setdefault, "running"))
    await entered(doubling)
    for number, priority in enumerate((Priority.LOW, Priority.LOW, Priority.NORMAL, Priority.HIGH), 1):
        batcher.submit(doubling.request(number), 30, priority, partial(answers.setdefault, number))
    return batcher, answers


async def test_a_newcomer_displaces_the_youngest_of_the_lowest_class(full, doubling):
    batcher, answers = full
    batcher.submit(doubling.request(5), 30, Priority.NORMAL, partial(answers.setdefault, 5))
    assert answers.keys() == {2}
    assert isinstance(answers[2], QueueFull)
    assert "higher priority" in str(answers[2])
    assert batcher.queued_rows == 4
    doubling.gate.set()
    await batcher.drain(30)
    assert doubling.ran == [[0], [4], [3], [5], [1]]


async def test_a_newcomer_displaces_nobody_where_that_would_not_make_room(full, doubling):
    batcher, answers = full
    with pytest.raises(QueueFull):
        batcher.submit(doubling.request(5, 6, 7), 30, Priority.NORMAL, answers.update)
    with pytest.raises(QueueFull):
        batcher.submit(doubling.request(5), 30, Priority.LOW, answers.update)
    assert answers == {}
    assert batcher.queued_rows == 4


async def test_a_refusal_is_known_beforehand(full, batcher_of):
    batcher, answers = full
    assert isinstance(batcher.refusal(1, Priority.LOW), QueueFull)
    assert batcher.refusal(1, Priority.NORMAL) is None
    assert isinstance(batcher.refusal(3, Priority.NORMAL), QueueFull)
    assert answers == {}
    idle = batcher_of(max_queue_rows=1)
    assert idle.refusal(5, Priority.LOW) is None
    await idle.drain(0)
    assert isinstance(idle.refusal(1, Priority.HIGH), NotReady)


def test_the_time_to_come_back_follows_the_measured_drain_rate(simulated, virtual_loop, doubling):
    batcher = simulated(max_batch_rows=1, each=0.1, fixed=0)
    for number in range(20):
        virtual_loop.call_soon(batcher.submit, doubling.request(number), 30, Priority.NORMAL, lambda answer: None)
    virtual_loop.run_until(1)
    assert batcher.retry_after_seconds() == pytest.approx(0.1 * batcher.queued_rows, rel=0.2)


def test_who_could_not_be_run_before_its_deadline_is_refused_unless_nobody_waits(simulated, virtual_loop, doubling):
    batcher, answers = simulated(max_batch_rows=1, each=0.1, fixed=0), []
    for number in range(10):
        virtual_loop.call_soon(batcher.submit, doubling.request(number), 30, Priority.NORMAL, answers.append)
    virtual_loop.run_until(0.55)
    with pytest.raises(QueueFull, match=r"they take \d+ ms, and the deadline is sooner"):
        batcher.submit(doubling.request(10), 0.2, Priority.NORMAL, answers.append)
    virtual_loop.call_soon(batcher.submit, doubling.request(10), 0.4, Priority.HIGH, answers.append)
    virtual_loop.run_until(5)
    assert len(answers) == 11
    virtual_loop.call_soon(batcher.submit, doubling.request(11), 0.05, Priority.NORMAL, answers.append)
    virtual_loop.run_until(6)
    assert isinstance(answers[-1], DeadlineExceeded)


def test_every_deadline_is_kept_by_one_timer_whatever_order_they_come_in(simulated, virtual_loop, doubling):
    batcher, told = simulated(each=10), {}
    for seconds in (3, 1, 2):
        done = partial(lambda number, answer: told.update({number: (virtual_loop.time(), answer)}), seconds)
        virtual_loop.call_soon(batcher.submit, doubling.request(seconds), seconds, Priority.NORMAL, done)
    virtual_loop.run_until(5)
    assert [round(told[seconds][0], 2) for seconds in (1, 2, 3)] == [1, 2, 3]
    assert all(isinstance(answer, DeadlineExceeded) for _, answer in told.values())
    assert batcher._timer is None
