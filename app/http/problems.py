"""Errors as `application/problem+json` (RFC 9457): one table of statuses, one shape."""

import math
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from app import errors
from app.errors import HorngateError, RequestInvalid, Retriable

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:horngate:problem:"

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

DESCRIPTIONS = {
    400: "The body cannot be read",
    404: "No such model or version",
    413: "The body, an image, a text or the list is too large",
    415: "The media type is not supported",
    422: "Well-formed, but wrong",
    429: "The queue is full; `Retry-After` says when to come back",
    500: "The model failed on this input",
    503: "Not ready, or draining; `Retry-After` says when to come back",
    504: "The deadline passed",
}
"""What each status means, as OpenAPI tells it."""


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


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` for these statuses, each a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": DESCRIPTIONS[status], "content": content} for status in statuses}


def problem(error: HorngateError, request_id: str) -> Response:
    """The response for one of our own errors."""
    headers = {}
    if isinstance(error, Retriable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_seconds)))
    faults = [InputFault(**asdict(fault)) for fault in error.faults] if isinstance(error, RequestInvalid) else []
    return _respond(_problem(STATUS.get(type(error), 500), error, str(error), request_id, faults), headers)


def http_problem(status: int, detail: str, request_id: str, headers: dict[str, str] | None = None) -> Response:
    """The response for an error of the web framework: an unknown route, a wrong method."""
    code, title = {
        404: ("route_not_found", "No such route"),
        405: ("method_not_allowed", "The method is not allowed here"),
    }.get(status, ("http_error", "The request cannot be answered"))
    body = Problem(type=TYPE + code, title=title, status=status, detail=detail, code=code, request_id=request_id)
    return _respond(body, headers or {})


def internal_problem(request_id: str) -> Response:
    """The response for a failure of our own, which tells nothing but where to look."""
    detail = f"the server failed; its log has the cause under request_id {request_id}"
    return _respond(_problem(500, HorngateError(), detail, request_id, []), {})


def _problem(status: int, error: HorngateError, detail: str, request_id: str, faults: list[InputFault]) -> Problem:
    """An error of ours in the wire's form."""
    return Problem(
        type=TYPE + error.code,
        title=error.title,
        status=status,
        detail=detail,
        code=error.code,
        request_id=request_id,
        errors=faults or None,
    )


def _respond(body: Problem, headers: dict[str, str]) -> Response:
    """One problem as a response."""
    return Response(body.model_dump_json(exclude_none=True), body.status, headers, MEDIA_TYPE)
