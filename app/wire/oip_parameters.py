"""The parameters of an inference request: a deadline, a place in the queue, classes instead of numbers.

After triton-inference-server/server, docs/protocol/extension_{schedule_policy,classification,sequence}.md.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.errors import InputInvalid
from app.nearest import nearest_hint
from app.types import Priority

Parameters = Mapping[str, Any]
"""Parameters by name: booleans, numbers and strings."""

MICROSECONDS = 1_000_000
SEQUENCES = ("sequence_id", "sequence_start", "sequence_end")


def timeout_of(parameters: Parameters) -> float | None:
    """Seconds from `timeout`, which is in microseconds; None where there is none. Raises `InputInvalid`."""
    timeout = parameters.get("timeout", 0)
    if isinstance(timeout, bool) or not isinstance(timeout, int) or timeout < 0:
        raise InputInvalid.at("/parameters/timeout", "whole microseconds", repr(timeout)[:64])
    return timeout / MICROSECONDS if timeout else None


def priority_of(parameters: Parameters) -> Priority | None:
    """The class of `priority`: 1 is the highest, 2 the normal one, 3 and more the lowest; None for 0, the default.

    Raises `InputInvalid`.
    """
    priority = parameters.get("priority", 0)
    if isinstance(priority, bool) or not isinstance(priority, int) or priority < 0:
        raise InputInvalid.at("/parameters/priority", "a whole number, 1 being the highest", repr(priority)[:64])
    return Priority(min(priority, len(Priority)) - 1) if priority else None


def refuse_sequences(parameters: Parameters) -> None:
    """Raise `InputInvalid` for a request that is part of a sequence: no model here keeps state between requests."""
    for name in SEQUENCES:
        if parameters.get(name):
            raise InputInvalid.at(f"/parameters/{name}", "requests without a state", "a part of a sequence")


def classification_of(parameters: Parameters, pointer: str) -> int | None:
    """The number of classes that an output is asked for; None where its numbers are. Raises `InputInvalid`."""
    count = parameters.get("classification")
    if count is None or (isinstance(count, int) and not isinstance(count, bool)):
        return count
    raise InputInvalid.at(pointer, "a whole number as classification", repr(count)[:64])


def flag_of(parameters: Parameters, name: str, pointer: str) -> bool | None:
    """A parameter that is true or false; None where it is not given. Raises `InputInvalid`."""
    flag = parameters.get(name)
    if flag is None or isinstance(flag, bool):
        return flag
    raise InputInvalid.at(f"{pointer}/parameters/{name}", "true or false", repr(flag)[:64])


def refuse_unknown(parameters: Parameters, known: Collection[str], pointer: str) -> None:
    """Raise `InputInvalid`, with the nearest name, for a parameter that means nothing here."""
    for name in parameters:
        if name not in known:
            hint = nearest_hint(name[:64], known)
            raise InputInvalid.at(f"{pointer}/parameters", f"the parameters {', '.join(known)}{hint}", repr(name[:64]))
