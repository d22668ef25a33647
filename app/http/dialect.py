"""Errors as a protocol's clients expect them: ours, in its words and with its statuses."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from pydantic_core import to_json
from starlette.responses import Response

from app import errors
from app.errors import HorngateError
from app.http.answers import RawHeaders
from app.http.body import ClientLeftError
from app.http.middleware import log_failure
from app.http.problems import STATUS as PROBLEM_STATUS
from app.http.problems import Rendered, internal_problem, problem
from app.http.record import CLIENT_LEFT, RequestRecord

STATUS = {**PROBLEM_STATUS, errors.InputInvalid: 400}
"""The status of each error in the protocols of others: 400 for whatever the client can mend."""


class Dialect(NamedTuple):
    """How a protocol tells one of our errors, and a failure of our own; each with the request's id."""

    refusal: Callable[[HorngateError, str], Rendered]
    internal_refusal: Callable[[str], Rendered]


PROBLEMS = Dialect(problem, internal_problem)
"""Our own."""


def error_object(status: int, message: str, headers: RawHeaders | None = None) -> Rendered:
    """`{"error": message}`, which the Open Inference Protocol and TensorFlow Serving's REST have in common."""
    content = to_json({"error": message.encode(errors="backslashreplace").decode()})
    own = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    return Rendered(status, [*own, *(headers or [])], content)


async def answered(answering: Awaitable[Response], record: RequestRecord, dialect: Dialect) -> Response:
    """The response to a request that asks for no inference, or what the dialect says of its error."""
    try:
        return await answering
    except HorngateError as error:
        return dialect.refusal(error, record.request_id).response()
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    except Exception as error:  # noqa: BLE001  # a failure of our own has the protocol's shape too
        log_failure(record.request_id, error)
        return dialect.internal_refusal(record.request_id).response()
