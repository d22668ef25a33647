"""Connections: when they are opened and closed, and why one could not be."""

import errno
import ssl

import pytest

from app.bench import engine
from app.bench.engine import reason_of
from app.bench.step_run import StepRun


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "connection refused"),
        (TimeoutError(), "no connection in time"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "TLS failed"),
        (OSError("Multiple exceptions: ..."), "no connection"),
    ],
)
def test_a_reason_has_the_same_few_words_each_time(error, reason):
    assert reason_of(error) == reason


async def test_a_connection_that_was_free_for_long_is_closed_and_that_is_no_error(
    serve, load_for, step_of, silent, monkeypatch
):
    monkeypatch.setattr(engine, "IDLE_SECONDS", -1.0)
    monkeypatch.setattr(engine, "SWEEP_SECONDS", 0.001)
    counts = await StepRun(load_for(serve().url), step_of(1, rate=20.0, seconds=0.5), silent).run()
    assert counts.opened > 1
    assert (counts.statuses, counts.errors) == ({200: 10}, {})


async def test_an_answer_that_nobody_asked_for_is_no_answer(serve, load_for, step_of, silent):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    counts = await StepRun(load_for(serve(raw=answer * 2).url), step_of(1, rate=20.0), silent).run()
    assert counts.statuses == {200: 6}


async def test_an_answer_in_pieces_is_one_answer(serve, load_for, step_of, silent):
    body = b"x" * 2_000_000
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    counts = await StepRun(load_for(serve(raw=answer).url), step_of(1, rate=20.0), silent).run()
    assert (counts.statuses, counts.errors) == ({200: 6}, {})
