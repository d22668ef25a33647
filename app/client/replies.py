"""Answers to results and errors: JSON, RFC 9457 problems, and the headers that say when and where."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from app.client.errors import (
    DeadlineExceeded,
    Fault,
    HorngateError,
    NotFound,
    RequestRefused,
    RetryLater,
    ServerFailed,
    Unauthorised,
)
from app.client.exchange import Reply
from app.client.results import Classification, DigitReading, Origin, Prediction, TensorRow, Timing

Read = TypeVar("Read")

ERRORS: dict[int, type[HorngateError]] = {
    **dict.fromkeys((400, 405, 413, 415, 422), RequestRefused),
    **dict.fromkeys((401, 403), Unauthorised),
    404: NotFound,
    **dict.fromkeys((429, 503), RetryLater),
    504: DeadlineExceeded,
}
"""What each status is; any other is `ServerFailed`."""

PROBLEM = "urn:horngate:problem:"
"""How the type of each problem begins."""


def read(reply: Reply, parse: Callable[[Any], Read]) -> Read:
    """What a 2xx answer says; raises `HorngateError` for any other, and for one that is not Horngate's."""
    if not 200 <= reply.status < 300:
        raise error_in(reply)
    try:
        return parse(json.loads(reply.body))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        detail = f"expected an answer of Horngate; received something else ({error!r}); is the URL right?"
        raise ServerFailed(detail, status=reply.status, code="answer_unreadable") from error


def predictions_in(reply: Reply) -> list[Prediction]:
    """The predictions of an answer, in order; raises as `read` does."""

    def parse(value: Any) -> list[Prediction]:
        origin = origin_in(reply, value)
        return [prediction_in(origin, item) for item in value.get("predictions", [value])]

    return read(reply, parse)


def origin_in(reply: Reply, value: Any) -> Origin:
    """What answered, from an answer's JSON and its headers; raises `LookupError` and the like for another's."""
    request_id = reply.headers.get("x-request-id", "")
    timing = _timing(reply.headers.get("server-timing", ""))
    return Origin(value["model"], value["version"], timing, request_id)


def prediction_in(origin: Origin, item: Any) -> Prediction:
    """One prediction; what it holds tells which it is. Raises as `origin_in` does."""
    if "outputs" in item:
        classes = (item.get(name) for name in ("label", "score", "probabilities"))
        return TensorRow(origin, item["outputs"], *classes)
    if "digit" in item:
        return DigitReading(origin, item["digit"], item["score"], tuple(item["probabilities"]))
    return Classification(origin, item["label"], item["score"], item["probabilities"])


def error_in(reply: Reply) -> HorngateError:
    """The error that an answer tells; of another's, such as a proxy's, what can be told from the status."""
    problem = _problem(reply.body)
    detail = problem.get("detail") or f"expected an answer; received HTTP {reply.status} that says no more"
    error = ERRORS.get(reply.status, ServerFailed)(
        str(detail),
        code=str(problem.get("code", HorngateError.default_code)),
        status=reply.status,
        request_id=reply.headers.get("x-request-id", ""),
        errors=tuple(Fault(**fault) for fault in problem.get("errors", ())),
    )
    if isinstance(error, RetryLater):
        error.retry_after_seconds = retry_after_seconds(reply.headers.get("retry-after", ""))
    return error


def retry_after_seconds(value: str) -> float:
    """The seconds in a Retry-After header, from a number or a date (RFC 9110, 10.2.3); 0 for anything else."""
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (then.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _problem(body: bytes) -> dict[str, Any]:
    """A problem's fields; none where it is something else than one of Horngate's."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) and str(value.get("type")).startswith(PROBLEM) else {}


def _timing(header: str) -> Timing:
    """The stages of a Server-Timing header, from its milliseconds."""
    spent = {}
    for metric in header.split(","):
        name, _, duration = metric.strip().partition(";dur=")
        if name in Timing.__slots__:
            spent[name] = _number(duration) / 1000
    return Timing(**spent)


def _number(text: str) -> float:
    """A number of a header; 0 for anything else."""
    try:
        return float(text)
    except ValueError:
        return 0.0
