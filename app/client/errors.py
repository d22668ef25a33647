"""Everything that a call raises on purpose.

HorngateError
├── RequestRefused     400, 413, 415, 422, or found before anything was sent: mend the input
├── Unauthorised       401, 403
├── NotFound           404  no such model, version or label; the detail gives the nearest
├── RetryLater         429, 503: `retry_after_seconds` says when, and every retry met the same
├── DeadlineExceeded   504, or no answer within `timeout`
├── ServerFailed       500 and others; with the code `inference_failed` the model failed on this input
└── ServerUnreachable  no connection, or it broke each time
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (a JSON pointer into the body), what was expected, what came."""

    pointer: str
    expected: str
    received: str


class HorngateError(Exception):
    """The root of the tree. The text says what was expected, what came and what to do.

    `code` is the stable word to compare. `status` is None and `request_id` empty where there was no answer.
    """

    default_code = "http_error"

    def __init__(
        self,
        detail: str,
        *,
        code: str = "",
        status: int | None = None,
        request_id: str = "",
        errors: tuple[Fault, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.status = status
        self.request_id = request_id
        self.errors = errors


class RequestRefused(HorngateError):
    """The input is wrong or too large; `errors` point at the places."""

    default_code = "input_invalid"


class Unauthorised(HorngateError):
    """No valid key, or one that may not do this."""


class NotFound(HorngateError):
    """No such model, version, label or route."""


class RetryLater(HorngateError):
    """The server is overloaded, loading or draining; it asks to come back after `retry_after_seconds`."""

    retry_after_seconds: float = 0.0


class DeadlineExceeded(HorngateError):
    """The time that the call was given is over."""

    default_code = "deadline_exceeded"


class ServerFailed(HorngateError):
    """The server failed, or gave something that is no answer of Horngate."""


class ServerUnreachable(HorngateError):
    """No connection could be made, or it broke."""

    default_code = "unreachable"
