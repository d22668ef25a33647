"""Errors as the protocol has them: `{"error": …}` and a status, which is all that its clients look at."""

import math

from pydantic_core import to_json

from app import errors
from app.errors import HorngateError, Retriable
from app.http.problems import STATUS as PROBLEM_STATUS
from app.http.problems import Rendered


class Unsupported(HorngateError):
    """The protocol has it, this server does not; the message says what to do instead."""

    code = "unsupported"
    title = "Not supported here"


STATUS = {**PROBLEM_STATUS, errors.InputInvalid: 400, Unsupported: 501}
"""The status of each error: as everywhere, but 400 for whatever the client can mend, which the protocol asks for."""


def refusal(error: HorngateError, request_id: str) -> Rendered:
    """An error as it goes out; `request_id` is the client's own, or the one in `X-Request-ID`."""
    headers = []
    if isinstance(error, Retriable):
        headers.append((b"retry-after", b"%d" % max(1, math.ceil(error.retry_after_seconds))))
    return _render(STATUS.get(type(error), 500), f"[request id {request_id[:128]}] {error}", headers)


def unmatched(status: int, method: str, path: str) -> Rendered:
    """The answer where no route of the protocol has this path, or this method there."""
    return _render(status, f"there is no {method} {path[:200]}; GET /v2 lists the extensions that are served", [])


def internal_refusal(request_id: str) -> Rendered:
    """A failure of our own, which tells nothing but where to look."""
    return _render(500, f"[request id {request_id[:128]}] the server failed; its log has the cause", [])


def _render(status: int, message: str, headers: list[tuple[bytes, bytes]]) -> Rendered:
    """One error's bytes."""
    content = to_json({"error": message.encode(errors="backslashreplace").decode()})
    own = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    return Rendered(status, [*own, *headers], content)
