"""Steps and their shares."""

import pytest


def test_a_step_is_named_by_its_load(step_of):
    assert [step_of(1).name, step_of(1500).name] == ["1 connection", "1,500 connections"]
    assert [step_of(rate=0.5).name, step_of(rate=2000).name] == ["0.5/s", "2,000/s"]


def test_connections_and_rate_are_split_among_the_workers(step_of):
    shares = step_of(10, rate=300.0).shares(4)
    assert [share.connections for share in shares] == [3, 3, 2, 2]
    assert sum(share.rate for share in shares) == pytest.approx(300)


def test_no_worker_is_without_a_connection(step_of):
    assert [share.connections for share in step_of(2).shares(8)] == [1, 1]


def test_the_last_request_may_take_until_its_timeout(step_of):
    assert step_of(seconds=3.0, warmup_seconds=1.0, timeout_seconds=2.0).longest_seconds == 6.0
