"""What every reader gives, and within which limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from app.errors import BodyMalformed, Fault, InputInvalid
from app.http.body import Body, require_media_type

Schema = TypeVar("Schema", bound=BaseModel)

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may bring."""

    max_rows: int
    max_text_characters: int


class Inputs(NamedTuple):
    """What the task takes; `is_many` where the caller sent a list and expects one.

    `unpacked_bytes` is what preparing them goes through, where that may be more than the body.
    """

    items: Sequence[Any]
    is_many: bool
    unpacked_bytes: int = 0


def read_json(body: Body, schema: type[Schema]) -> Schema:
    """Parse and validate in one step; raises `BodyMalformed` for what is not JSON, `InputInvalid` for a wrong one."""
    require_media_type(body, JSON)
    try:
        return schema.model_validate_json(body.data)
    except ValidationError as error:
        if error.error_count() > MAX_FAULTS_TOLD:
            raise InputInvalid.at("", "only the fields of this route", f"{error.error_count():,} faults") from None
        faults = error.errors(include_url=False, include_context=False)
        if faults[0]["type"] == "json_invalid":
            raise BodyMalformed(f"expected JSON; {faults[0]['msg'].removeprefix('Invalid JSON: ')}") from None
        raise _invalid([_fault(fault) for fault in faults[:MAX_FAULTS]]) from None


def expect_one_of(body: BaseModel, *names: str) -> str:
    """The one field of `names` that the body has; raises `InputInvalid` for none or several."""
    present = [name for name in names if getattr(body, name) is not None]
    if len(present) != 1:
        raise InputInvalid.at("", f"exactly one of {', '.join(names)}", ", ".join(present) or "none of them")
    return present[0]


MAX_FAULTS = 8
"""More faults than this help nobody."""

MAX_FAULTS_TOLD = 256
"""More faults than this are not even looked at: to describe each costs more than to read the whole body."""

EXPECTED = {
    "string_type": "a string",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
    "missing": "this field",
    "extra_forbidden": "no other field",
    "too_short": "at least one item",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
}
"""pydantic's error types in our words; others keep pydantic's message."""

UNION_BRANCHES = ("dict[str,any]", "list[any]")
"""What pydantic adds to the place of a fault where one of two types would do."""


def _fault(fault: Any) -> Fault:
    """One of pydantic's errors, without what the client wrote."""
    pointer = "".join(f"/{_escaped(part)}" for part in fault["loc"] if part not in UNION_BRANCHES)
    expected = EXPECTED.get(fault["type"], fault["msg"])
    received = "nothing" if fault["type"] == "missing" else _describe(fault["input"])
    return Fault(pointer, expected, received)


def _escaped(part: str | int) -> str:
    """A part of a JSON pointer (RFC 6901), cut where a client made it long."""
    return str(part)[:64].replace("~", "~0").replace("/", "~1")


def _describe(value: Any) -> str:
    """A value's JSON type and size."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return f"a string of {len(value)} characters"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "an object"


def _invalid(faults: list[Fault]) -> InputInvalid:
    """All faults, the first told in the detail."""
    first = faults[0]
    place = f"{first.pointer}: " if first.pointer else ""
    return InputInvalid(f"{place}expected {first.expected}; received {first.received}", tuple(faults))
