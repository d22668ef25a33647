"""Errors as `application/problem+json` (RFC 9457): one table of statuses, one shape."""

import math
from collections.abc import Sequence
from dataclasses import asdict

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import Response

from app import errors
from app.errors import Fault, HorngateError, RequestInvalid, Retriable

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[HorngateError], int] = {
    errors.RequestInvalid: 400,
    errors.BodyMalformed: 400,
    errors.ModelNotFound: 404,
    errors.TooLarge: 413,
    errors.MediaUnsupported: 415,
    errors.InputInvalid: 422,
    errors.QueueFull: 429,
    errors.InferenceFailed: 500,
    errors.NotReady: 503,
    errors.DeadlineExceeded: 504,
}
"""The status of each error; what is not here is 500."""


class InputFault(BaseModel):
    """One thing wrong with an input."""

    pointer: str = Field(description="JSON pointer into the request body")
    expected: str
    received: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it; `code` is stable, `detail` says what was expected, what came and what to do."""

    type: str = Field(examples=["urn:horngate:problem:input_invalid"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[InputFault] | None = None


def problem(error: HorngateError, request_id: str) -> Response:
    """The response for one of our own errors."""
    headers = {}
    if isinstance(error, Retriable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_seconds)))
    if isinstance(error, errors.TooLarge):
        headers["Connection"] = "close"  # the rest of the body is not worth reading
    faults = error.faults if isinstance(error, RequestInvalid) else ()
    status = STATUS.get(type(error), 500)
    return _respond(status, error.code, error.title, str(error), request_id, faults, headers)


def http_problem(status: int, detail: str, request_id: str, headers: dict[str, str] | None = None) -> Response:
    """The response for an error of the web framework: an unknown route, a wrong method."""
    code, title = {
        404: ("route_not_found", "No such route"),
        405: ("method_not_allowed", "The method is not allowed here"),
    }.get(status, ("http_error", "The request cannot be answered"))
    return _respond(status, code, title, detail, request_id, (), headers or {})


def internal_problem(request_id: str) -> Response:
    """The response for a failure of our own, which tells nothing but where to look."""
    detail = f"the server failed; its log has the cause under request_id {request_id}"
    return _respond(500, HorngateError.code, HorngateError.title, detail, request_id, (), {})


def _respond(
    status: int, code: str, title: str, detail: str, request_id: str, faults: Sequence[Fault], headers: dict[str, str]
) -> Response:
    """One problem as a response."""
    body = {
        "type": f"urn:horngate:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if faults:
        body["errors"] = [asdict(fault) for fault in faults]
    return Response(to_json(body), status, headers, MEDIA_TYPE)
