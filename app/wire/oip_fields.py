"""The parts of a JSON request: what each must be, and what is said where it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import InputInvalid
from app.wire.oip_parameters import Parameters, refuse_unknown
from app.wire.oip_tensors import elements_of


def object_of(value: Any, name: str) -> dict[str, Any]:
    """The value, an object; raises `InputInvalid`."""
    if not isinstance(value, dict):
        raise InputInvalid.at("", f"an object as {name}", type(value).__name__)
    return value


def list_of(value: Any, name: str) -> list[Any]:
    """The value, a list that is not empty; raises `InputInvalid`."""
    if not isinstance(value, list) or not value:
        received = "nothing" if value is None else "an empty list" if value == [] else type(value).__name__
        raise InputInvalid.at(f"/{name}", f"a list of {name}", received)
    return value


def string_in(holder: Mapping[str, Any], key: str, pointer: str) -> str:
    """A string that must be there; raises `InputInvalid`."""
    value = holder.get(key)
    if not isinstance(value, str):
        raise InputInvalid.at(f"{pointer}/{key}", "a string", "nothing" if value is None else type(value).__name__)
    return value


def shape_of(given: Any, pointer: str) -> list[int]:
    """A shape; raises `InputInvalid` for one that no tensor has."""
    if not isinstance(given, list) or not all(type(size) is int for size in given):
        raise InputInvalid.at(f"{pointer}/shape", "a list of sizes from 0", repr(given)[:64])
    elements_of(given, f"{pointer}/shape")
    return given


def parameters_in(holder: Mapping[str, Any], pointer: str, known: Sequence[str]) -> Parameters:
    """The parameters of a request, an input or an output; raises `InputInvalid` for unknown ones."""
    given = holder.get("parameters")
    if given is None:
        return {}
    parameters = object_of(given, f"{pointer}/parameters")
    refuse_unknown(parameters, known, pointer)
    return parameters
