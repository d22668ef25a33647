"""Answers to results and errors; what the application really answers is read in the tests of the two clients."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from app.client.errors import (
    DeadlineExceeded,
    Fault,
    HorngateError,
    NotFound,
    RequestRefused,
    RetryLater,
    ServerFailed,
    Unauthorised,
)
from app.client.exchange import Reply
from app.client.replies import error_in, predictions_in, read, retry_after_seconds
from app.client.results import Timing

ANSWER = json.dumps({"model": "m", "version": 2, "digit": 3, "score": 1.0, "probabilities": [0.0] * 10}).encode()


def problem(**fields: Any) -> bytes:
    return json.dumps({"type": "urn:horngate:problem:x", "code": "x", "detail": "why", **fields}).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRefused), (413, RequestRefused), (422, RequestRefused), (401, Unauthorised), (403, Unauthorised),
        (404, NotFound), (429, RetryLater), (503, RetryLater), (504, DeadlineExceeded), (500, ServerFailed),
        (302, ServerFailed),
    ],
)  # fmt: skip
def test_every_status_is_an_error_of_its_own_kind(status: int, kind: type[HorngateError]) -> None:
    error = error_in(Reply(status, {"x-request-id": "r"}, problem()))
    assert type(error) is kind
    assert (error.status, error.code, error.detail, str(error), error.request_id) == (status, "x", "why", "why", "r")


def test_faults_of_an_input_are_told_with_their_places() -> None:
    fault = {"pointer": "/text", "expected": "a text", "received": "null"}
    assert error_in(Reply(422, {}, problem(errors=[fault]))).errors == (Fault("/text", "a text", "null"),)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"type": "other", "errors": 3}'])
def test_an_error_of_somebody_else_is_told_by_its_status(body: bytes) -> None:
    error = error_in(Reply(502, {}, body))
    assert (type(error), error.code, error.errors) == (ServerFailed, "http_error", ())
    assert "502" in error.detail


def test_the_time_to_come_back_is_seconds_or_a_date() -> None:
    assert retry_after_seconds("3") == 3
    now = datetime.now(UTC)
    assert 3500 < retry_after_seconds(format_datetime(now + timedelta(hours=1), usegmt=True)) <= 3600
    assert retry_after_seconds(format_datetime(now - timedelta(hours=1), usegmt=True)) == 0
    assert retry_after_seconds("") == retry_after_seconds("soon") == retry_after_seconds("-1") == 0


def test_the_stages_of_an_answer_are_told_in_seconds() -> None:
    spent = "cache;desc=x, queue;dur=1.5, preprocess;dur=oops, infer;dur=2, total;dur=4"
    (reading,) = predictions_in(Reply(200, {"server-timing": spent, "x-request-id": "r"}, ANSWER))
    assert reading.timing == Timing(queue=0.0015, infer=0.002, total=0.004)
    assert (reading.model, reading.version, reading.origin.request_id) == ("m", 2, "r")


def test_timing_is_zero_where_a_proxy_took_it_away() -> None:
    (reading,) = predictions_in(Reply(200, {}, ANSWER))
    assert reading.timing == Timing()


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"[1]", b'{"model": "m", "version": 1}'])
def test_an_answer_that_is_not_ours_is_no_result(body: bytes) -> None:
    with pytest.raises(ServerFailed, match="is the URL right") as caught:
        predictions_in(Reply(200, {}, body))
    assert caught.value.code == "answer_unreadable"


def test_what_is_no_success_is_raised() -> None:
    with pytest.raises(NotFound):
        read(Reply(404, {}, problem()), dict)
