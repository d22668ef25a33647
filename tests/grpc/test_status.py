"""Every error has a code, and the codes an HTTP status to be counted under."""

import pytest
from grpc import StatusCode

from app import errors
from app.errors import HorngateError
from app.grpc.status import CODES, HTTP, MAX_DETAIL_CHARACTERS, Unimplemented, refusal_of


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (errors.BodyMalformed("no"), StatusCode.INVALID_ARGUMENT, 400),
        (errors.InputInvalid("no"), StatusCode.INVALID_ARGUMENT, 400),
        (errors.TooLarge("no"), StatusCode.INVALID_ARGUMENT, 400),
        (errors.ModelNotFound("no"), StatusCode.NOT_FOUND, 404),
        (errors.DeadlineExceeded("no"), StatusCode.DEADLINE_EXCEEDED, 504),
        (errors.InferenceFailed("no"), StatusCode.INTERNAL, 500),
        (errors.SettingsInvalid("no"), StatusCode.INTERNAL, 500),
        (Unimplemented("no"), StatusCode.UNIMPLEMENTED, 501),
    ],
)
def test_an_error_has_its_code(error: HorngateError, code: StatusCode, status: int) -> None:
    refusal = refusal_of(error)
    assert (refusal.code, refusal.detail, refusal.metadata) == (code, "no", ())
    assert HTTP[code] == status


@pytest.mark.parametrize("kind", [errors.QueueFull, errors.NotReady])
def test_what_may_be_retried_says_when(kind: type[errors.Retriable]) -> None:
    assert dict(refusal_of(kind("later", 1.2)).metadata) == {"retry-after": "2", "grpc-retry-pushback-ms": "1200"}


def test_every_code_is_counted_and_no_message_outgrows_a_header() -> None:
    assert set(CODES.values()) <= HTTP.keys()
    assert len(refusal_of(errors.InputInvalid("好" * 5000)).detail) == MAX_DETAIL_CHARACTERS
