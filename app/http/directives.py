"""What a request asks besides its body: a version or a label, a deadline, a priority."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs

from app.errors import InputInvalid
from app.http.record import RequestRecord
from app.lifecycle.registry import Registry
from app.lifecycle.served_model import ServedModel
from app.service import refuse_early
from app.types import Priority

Headers = Mapping[bytes, bytes]
"""A request's headers by lower-case name; of several with one name the last."""

TIMEOUT = "X-Request-Timeout-Ms"
PRIORITY = "X-Priority"
PRIORITIES = {priority.name.lower().encode(): priority for priority in Priority}


class Directed(NamedTuple):
    """The model that a request is for, the time that it has, and its class."""

    model: ServedModel
    timeout_seconds: float
    priority: Priority


def direct(
    model: ServedModel, headers: Headers, longest_seconds: float, record: RequestRecord, *, may_rise: bool = False
) -> Directed:
    """What a request's head says, before its body costs anything; tells the record which model it is for.

    Where the class `may_rise`, the body may still ask for the highest one. Raises `InputInvalid`, `QueueFull` and
    `NotReady`.
    """
    record.model, record.version = model.name, str(model.version)
    timeout_seconds, priority = timeout_of(headers, longest_seconds), priority_of(headers)
    refuse_early(model, Priority.HIGH if may_rise and b"x-priority" not in headers else priority)
    return Directed(model, timeout_seconds, priority)


def model_below(prefix: str, path: str) -> Mapping[str, str] | None:
    """The `model` that a path names behind the prefix; None where it names none, or more than that."""
    model = path[len(prefix) :] if path.startswith(prefix) else ""
    return {"model": model} if model and "/" not in model else None


def resolve(registry: Registry, name: str, query: bytes) -> ServedModel:
    """The model version that the URL names; raises `ModelNotFound`, `NotReady` and `InputInvalid`."""
    if not query:
        return registry.resolve(name)
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    label = asked["label"][0] if "label" in asked else None
    version = whole_number(asked["version"][0], "?version") if "version" in asked else None
    if version is not None and label is not None:
        raise InputInvalid.at("", "either ?version or ?label", "both")
    return registry.resolve(name, version, label)


def timeout_of(headers: Headers, longest_seconds: float) -> float:
    """Seconds until the request's deadline; a caller may only shorten it. Raises `InputInvalid`."""
    given = headers.get(b"x-request-timeout-ms")
    if given is None:
        return longest_seconds
    return min(whole_number(given.decode("latin-1"), TIMEOUT) / 1000, longest_seconds)


def priority_of(headers: Headers) -> Priority:
    """How important the caller says that the request is; raises `InputInvalid`."""
    given = headers.get(b"x-priority")
    if given is None:
        return Priority.NORMAL
    priority = PRIORITIES.get(given.lower())
    if priority is None:
        received = repr(given[:64].decode("latin-1"))
        raise InputInvalid.at("", f"{', '.join(name.decode() for name in PRIORITIES)} in {PRIORITY}", received)
    return priority


def whole_number(text: str, name: str) -> int:
    """A positive whole number from a header or the query; raises `InputInvalid`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0):
        raise InputInvalid.at("", f"a positive whole number in {name}", repr(text[:64]))
    return int(text)
