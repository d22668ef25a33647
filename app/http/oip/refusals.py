"""Errors as the protocol has them: `{"error": …}` and a status, which is all that its clients look at."""

from collections.abc import Collection

from app.errors import HorngateError
from app.http.dialect import STATUS as COMMON_STATUS
from app.http.dialect import Dialect, error_object
from app.http.problems import Rendered, retry_headers


class Unsupported(HorngateError):
    """The protocol has it, this server does not; the message says what to do instead."""

    code = "unsupported"
    title = "Not supported here"


STATUS = {**COMMON_STATUS, Unsupported: 501}
"""The status of each error."""


def refusal(error: HorngateError, request_id: str) -> Rendered:
    """An error as it goes out; `request_id` is the client's own, or the one in `X-Request-ID`."""
    return error_object(STATUS.get(type(error), 500), f"[request id {request_id[:128]}] {error}", retry_headers(error))


def unmatched(method: str, path: str, allowed: Collection[str]) -> Rendered:
    """The answer where no route of the protocol has this path, or only others of the methods `allowed` there."""
    told = f"there is no {method} {path[:200]}; GET /v2 lists the extensions that are served"
    # RFC 9110, 15.5.6, asks for them.
    headers = [(b"allow", ", ".join(sorted(allowed)).encode())] if allowed else []
    return error_object(405 if allowed else 404, told, headers)


def internal_refusal(request_id: str) -> Rendered:
    """A failure of our own, which tells nothing but where to look."""
    return error_object(500, f"[request id {request_id[:128]}] the server failed; its log has the cause")


OIP = Dialect(refusal, internal_refusal)
"""The dialect of the Open Inference Protocol."""
