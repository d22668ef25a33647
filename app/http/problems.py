"""Errors as `application/problem+json` (RFC 9457): one table of statuses, one shape."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Send

from app import errors
from app.errors import HorngateError, RequestInvalid, Retriable
from app.http.answers import RawHeaders

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


class Rendered(NamedTuple):
    """A problem as it goes out."""

    status: int
    headers: RawHeaders
    content: bytes

    async def send(self, send: Send) -> None:
        """Send it as the whole response."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.content})

    def response(self) -> Response:
        """The same for the web framework."""
        response = Response(self.content, self.status)
        response.raw_headers = self.headers
        return response


def problem(error: HorngateError, request_id: str) -> Rendered:
    """One of our own errors."""
    status = STATUS.get(type(error), 500)
    body = _body(status, error.code, error.title, str(error), request_id)
    if isinstance(error, RequestInvalid) and error.faults:
        body["errors"] = [asdict(fault) for fault in error.faults]
    return _render(body, retry_headers(error))


def retry_headers(error: HorngateError) -> RawHeaders:
    """When to come back, where the error says so, in whole seconds."""
    if not isinstance(error, Retriable):
        return []
    return [(b"retry-after", b"%d" % max(1, math.ceil(error.retry_after_seconds)))]


def http_problem(status: int, detail: str, request_id: str, headers: Mapping[str, str] | None = None) -> Rendered:
    """An error of the web framework: an unknown route, a wrong method."""
    code, title = {
        404: ("route_not_found", "No such route"),
        405: ("method_not_allowed", "The method is not allowed here"),
    }.get(status, ("http_error", "The request cannot be answered"))
    more = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return _render(_body(status, code, title, detail, request_id), more)


def internal_problem(request_id: str) -> Rendered:
    """A failure of our own, which tells nothing but where to look."""
    detail = f"the server failed; its log has the cause under request_id {request_id}"
    return _render(_body(500, HorngateError.code, HorngateError.title, detail, request_id), [])


def _body(status: int, code: str, title: str, detail: str, request_id: str) -> dict[str, Any]:
    """`Problem`'s fields, without the schema: under overload refusals are what there is most of."""
    return {
        "type": TYPE + code,
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }


def _render(body: Mapping[str, Any], headers: RawHeaders) -> Rendered:
    """One problem's bytes."""
    content = to_json(body)
    own = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(content))]
    return Rendered(body["status"], [*own, *headers], content)
