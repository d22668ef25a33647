"""One step against a real server: what is sent, when, and as what it is counted."""

import asyncio
import threading

import pytest

from app.bench.request import Body
from app.bench.step_run import StepRun


@pytest.fixture
def run(silent):
    """Runs a step in this process."""

    async def run(load, step, report=silent):
        return await StepRun(load, step, report).run()

    return run


async def test_a_closed_loop_gets_an_answer_to_everything_it_sent(serve, load_for, step_of, run):
    server = serve()
    counts = await run(load_for(server.url), step_of(3))
    assert counts.statuses == {200: len(server.script.bodies)}
    assert counts.accepted.count == counts.due == len(server.script.bodies) > 3
    assert counts.opened == 3
    assert counts.seconds == pytest.approx(0.3)
    assert counts.cpu_seconds > 0


async def test_an_open_loop_sends_as_many_as_are_due_however_slow_the_machine_is(serve, load_for, step_of, run):
    server = serve()
    counts = await run(load_for(server.url), step_of(100, rate=200.0))
    assert counts.statuses == {200: 60}
    assert len(server.script.bodies) == 60


async def test_bodies_are_sent_in_turn(serve, load_for, step_of, run):
    server = serve()
    bodies = [Body(text.encode(), "text/plain") for text in "abc"]
    await run(load_for(server.url, *bodies), step_of(1, rate=50.0))
    assert b"".join(server.script.bodies) == b"abcabcabcabcabc"


async def test_in_the_open_loop_a_stall_counts_from_when_each_request_was_due(serve, load_for, step_of, run):
    server = serve()
    server.script.gate.clear()

    def report(event):
        if event == "closed":
            server.script.gate.set()

    counts = await run(load_for(server.url), step_of(1, rate=100.0), report)
    assert counts.statuses == {200: 30}
    assert counts.answered == 0  # all of them came after the window
    # Nothing was answered before the window's end at 0.3 s: what was due at 0.15 s waited half of it.
    assert counts.accepted.percentile(50) >= 0.14
    assert counts.accepted.percentile(10) < counts.accepted.percentile(50) < counts.accepted.percentile(90)
    assert counts.accepted.highest >= 0.29


async def test_the_same_stall_is_one_slow_request_in_the_closed_loop(serve, load_for, step_of, run):
    server = serve()
    server.script.gate.clear()

    def report(event):
        if event == "closed":
            server.script.gate.set()

    counts = await run(load_for(server.url), step_of(1), report)
    assert (counts.accepted.count, counts.answered) == (1, 0)


async def test_while_requests_wait_more_connections_are_opened_up_to_the_limit(serve, load_for, step_of, run):
    server = serve()
    server.script.gate.clear()

    def report(event):
        if event == "closed":
            server.script.gate.set()

    counts = await run(load_for(server.url), step_of(4, rate=100.0), report)
    assert counts.opened == 4
    assert counts.statuses == {200: 30}


async def test_refusals_are_counted_by_status_and_with_their_retry_after(serve, load_for, step_of, run):
    server = serve(status=lambda number: (200, 429, 503)[number % 3], headers=("Retry-After: 1",))
    counts = await run(load_for(server.url), step_of(1, rate=100.0))
    assert counts.statuses == {200: 10, 429: 10, 503: 10}
    assert counts.retry_after == {429: 10, 503: 10}
    assert (counts.accepted.count, counts.refused.count) == (10, 20)
    assert counts.good == counts.rows


async def test_refusals_without_the_header_are_not_counted_as_having_it(serve, load_for, step_of, run):
    counts = await run(load_for(serve(status=lambda number: 429).url), step_of(1, rate=50.0))
    assert (counts.statuses, counts.retry_after) == ({429: 15}, {})


async def test_a_server_that_never_answers_costs_each_caller_its_timeout(serve, load_for, step_of, run):
    server = serve()
    server.script.gate.clear()
    counts = await run(load_for(server.url), step_of(2, seconds=1.0, timeout_seconds=1.5))
    assert (counts.timeouts, counts.answered, counts.statuses) == (2, 0, {})
    assert counts.accepted.percentile(1) >= 1.5


async def test_requests_that_never_found_a_connection_time_out_as_well(serve, load_for, step_of, run):
    server = serve()
    server.script.gate.clear()
    counts = await run(load_for(server.url), step_of(1, rate=50.0, timeout_seconds=0.5))
    assert counts.timeouts == counts.due == 15


async def test_a_connection_that_the_server_closes_after_each_answer_is_opened_again(serve, load_for, step_of, run):
    server = serve(headers=("Connection: close",))
    counts = await run(load_for(server.url), step_of(2, rate=50.0))
    assert (counts.statuses, counts.errors) == ({200: 15}, {})
    assert counts.opened == 15


async def test_a_connection_that_breaks_is_an_error_and_not_the_end(serve, load_for, step_of, run):
    server = serve(status=lambda number: 0 if number % 5 == 0 else 200)
    counts = await run(load_for(server.url), step_of(1, rate=100.0))
    assert counts.statuses == {200: 24}
    assert counts.errors == {"closed by the server": 6}


async def test_what_is_not_http_is_named(serve, load_for, step_of, run):
    counts = await run(load_for(serve(raw=b"SSH-2.0-OpenSSH_9.2\r\n").url), step_of(1, rate=50.0))
    assert counts.errors == {"not HTTP": 15}


async def test_a_server_that_dies_in_mid_run_is_counted_until_the_end(serve, load_for, step_of, run):
    server = serve(dies_at=10)
    counts = await run(load_for(server.url), step_of(1, rate=100.0))
    assert counts.statuses == {200: 9}
    assert counts.errors["connection refused"] == 20
    assert counts.errors.total() == 21


async def test_a_closed_loop_without_a_server_ends_with_its_window(serve, load_for, step_of, run):
    server = serve()
    server.stop()
    counts = await run(load_for(server.url), step_of(2))
    assert counts.statuses == {}
    assert set(counts.errors) == {"connection refused"}


async def test_what_is_sent_while_warming_up_is_not_counted(serve, load_for, step_of, run):
    server = serve()
    counts = await run(load_for(server.url), step_of(2, rate=100.0, warmup_seconds=0.25, seconds=0.25))
    assert (len(server.script.bodies), counts.due) == (50, 25)


async def test_events_tell_the_edges_of_the_window_once_each(serve, load_for, step_of, run):
    events = []
    await run(load_for(serve().url), step_of(1, warmup_seconds=0.3, seconds=0.3), events.append)
    assert [event for event in events if isinstance(event, str)] == ["opened", "closed"]
    assert [event for event in events if isinstance(event, int)]


async def test_a_step_that_is_stopped_has_what_was_counted_until_then(serve, load_for, step_of):
    server = serve()

    def report(event):
        if event == "opened":
            asyncio.get_running_loop().call_soon(step_run.stop)

    step_run = StepRun(load_for(server.url), step_of(2, seconds=3600.0), report)
    counts = await step_run.run()
    assert 0 < counts.seconds < 3600
    assert counts.accepted.count <= len(server.script.bodies)


async def test_a_step_that_is_stopped_does_not_wait_for_a_server_that_hangs(serve, load_for, step_of):
    server = serve()
    server.script.gate.clear()

    def report(event):
        if event == "opened":
            asyncio.get_running_loop().call_soon(step_run.stop)

    step_run = StepRun(load_for(server.url), step_of(1, seconds=3600.0, timeout_seconds=3600.0), report)
    counts = await step_run.run()
    assert (counts.answered, counts.timeouts, counts.errors) == (0, 0, {})


async def test_no_thread_is_left_behind(serve, load_for, step_of, run):
    server = serve()
    before = threading.active_count()
    await run(load_for(server.url), step_of(1))
    assert threading.active_count() <= before
