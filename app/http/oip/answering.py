"""What is around every route of the protocol but inference: its name in the metrics, and errors in its shape."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from app.errors import BodyMalformed, InputInvalid
from app.http.body import read_in_time
from app.http.dialect import answered
from app.http.oip.refusals import OIP, unmatched
from app.http.record import record_of

MAX_ASKED_BYTES = 65_536
"""What is asked besides inference is short."""

READ_SECONDS = 10.0

Handler = Callable[[Request], Awaitable[Response]]


def route(path: str, handler: Handler, method: str = "GET") -> Route:
    """A route whose errors are the protocol's."""

    async def endpoint(request: Request) -> Response:
        record = record_of(request.scope)
        record.route = path
        return await answered(handler(request), record, OIP)

    return Route(path, endpoint, methods=[method])


def answer(content: Any, status: int = 200) -> Response:
    """A value as the JSON of a response."""
    return Response(to_json(content), status, media_type="application/json")


async def asked_in(request: Request) -> dict[str, Any]:
    """The object that a request's body holds; clients send none where they ask for nothing in particular.

    Raises `BodyMalformed`, `InputInvalid`, `TooLarge` and `DeadlineExceeded`.
    """
    body = await read_in_time(request.scope, request.receive, MAX_ASKED_BYTES, READ_SECONDS)
    try:
        asked = from_json(body.data or b"{}")
    except ValueError as error:
        raise BodyMalformed(f"expected a JSON object; received something else: {error}") from None
    if not isinstance(asked, dict):
        raise InputInvalid.at("", "an object", type(asked).__name__)
    return asked


class Unmatched:
    """Answers whatever lies below `/v2` and is none of the `routes`, in the protocol's shape."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 405 where another method would do, with those that would, else 404."""
        del receive
        known = [route.methods or set() for route in self._routes if route.matches(scope)[0] is Match.PARTIAL]
        await unmatched(scope["method"], scope["path"], set().union(*known)).send(send)
