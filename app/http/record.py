"""What is known of one request while it is handled; metrics and the log read it when the response is out."""

import random
import re

from starlette.types import Scope

KEY = "horngate.record"
CLIENT_LEFT = 499
"""The code that a request is counted under whose client left before its answer (nginx's)."""

_VALID_ID = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestRecord:
    """One request: its id, and once they are known its route, model, version and status."""

    __slots__ = ("model", "request_id", "route", "status", "version")

    def __init__(self, request_id: str, route: str = "") -> None:
        self.request_id = request_id
        self.route = route
        self.model = ""
        self.version = ""
        self.status = 0


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def request_id_of(given: bytes | None) -> str:
    """The caller's `X-Request-ID` where it is printable and at most 128 characters long, else a new one."""
    if given and _VALID_ID.fullmatch(given):
        return given.decode()
    # No secret, and a quarter of what `secrets` takes; Python seeds forked workers anew.
    return f"{random.getrandbits(96):024x}"


def record_of(scope: Scope) -> RequestRecord:
    """The request's record, which the middleware put there."""
    record: RequestRecord = scope[KEY]
    return record
