"""Errors as gRPC statuses: one table of codes, and what goes out with each."""

import math
from typing import NamedTuple

from grpc import StatusCode

from app import errors
from app.errors import HorngateError, Retriable

CODES: dict[type[HorngateError], StatusCode] = {
    errors.RequestInvalid: StatusCode.INVALID_ARGUMENT,
    errors.BodyMalformed: StatusCode.INVALID_ARGUMENT,
    errors.TooLarge: StatusCode.INVALID_ARGUMENT,
    errors.InputInvalid: StatusCode.INVALID_ARGUMENT,
    errors.ModelNotFound: StatusCode.NOT_FOUND,
    errors.QueueFull: StatusCode.RESOURCE_EXHAUSTED,
    errors.NotReady: StatusCode.UNAVAILABLE,
    errors.DeadlineExceeded: StatusCode.DEADLINE_EXCEEDED,
    errors.InferenceFailed: StatusCode.INTERNAL,
}
"""The code of each error; what is not here is INTERNAL."""

HTTP = {
    StatusCode.OK: 200,
    StatusCode.INVALID_ARGUMENT: 400,
    StatusCode.NOT_FOUND: 404,
    StatusCode.RESOURCE_EXHAUSTED: 429,
    StatusCode.CANCELLED: 499,
    StatusCode.INTERNAL: 500,
    StatusCode.UNIMPLEMENTED: 501,
    StatusCode.UNAVAILABLE: 503,
    StatusCode.DEADLINE_EXCEEDED: 504,
}
"""What a call is counted under: the codes of google.rpc.Code's HTTP mapping, so that one alert watches both."""

MAX_DETAIL_CHARACTERS = 800
"""A status travels in a header; all of them together may have 8 KiB, and each byte beyond ASCII takes three."""


class Unimplemented(HorngateError):
    """The method means nothing here; the message says why."""

    code = "unimplemented"
    title = "The method is not implemented"


CODES[Unimplemented] = StatusCode.UNIMPLEMENTED


class Refusal(NamedTuple):
    """A status as it goes out: its code, its words, and the metadata that comes with it."""

    code: StatusCode
    detail: str
    metadata: tuple[tuple[str, str], ...] = ()


def refusal_of(error: HorngateError) -> Refusal:
    """What the caller is told of an error.

    One that may be retried says when: `retry-after` in whole seconds, as over HTTP, and `grpc-retry-pushback-ms`, which
    gRPC's own retries obey (grpc/proposal, A6-client-retries.md).
    """
    metadata: tuple[tuple[str, str], ...] = ()
    if isinstance(error, Retriable):
        seconds = error.retry_after_seconds
        metadata = (
            ("retry-after", str(max(1, math.ceil(seconds)))),
            ("grpc-retry-pushback-ms", str(math.ceil(1000 * seconds))),
        )
    return Refusal(CODES.get(type(error), StatusCode.INTERNAL), str(error)[:MAX_DETAIL_CHARACTERS], metadata)
