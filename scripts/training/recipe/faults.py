"""What is wrong with a recipe, in words that name the key as it stands in the file."""

import difflib
from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from scripts.training.recipe.whole import Recipe


def told_faults(error: ValidationError) -> list[str]:
    """Each fault as `key: what was expected; received what`; an unknown key with the known one that is most like it."""
    told = []
    for fault in error.errors(include_url=False):
        keys, parts = _place(fault["loc"])
        key = f"{'.'.join(keys)}: " if keys else ""
        if fault["type"] == "extra_forbidden":
            told.append(f"{key}{_unknown(keys[-1], parts)}; received {fault['input']!r}")
            continue
        expected = fault["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
        has_input = fault["type"] not in {"missing", "value_error"}
        told.append(f"{key}{expected}" + (f"; received {fault['input']!r}" if has_input else ""))
    return told


def _unknown(key: str, parts: Sequence[type[BaseModel]]) -> str:
    known = sorted({name for part in parts for name in part.model_fields})
    near = difflib.get_close_matches(key, known, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"no such key; {meant}expected one of {', '.join(known)}"


def _place(location: Sequence[int | str]) -> tuple[list[str], list[type[BaseModel]]]:
    """The keys as the file has them, without the kinds that pydantic adds, and the parts that may hold the last one."""
    keys: list[str] = []
    inside: list[type[BaseModel]] = [Recipe]
    holders = inside
    for name in location:
        of_kind = [part for part in inside if name in _kinds(part)]
        if of_kind:
            inside = of_kind
            continue
        keys.append(str(name))
        holders = inside
        inside = [part for holder in holders if name in holder.model_fields for part in _models(holder, str(name))]
    return keys, holders


def _models(part: type[BaseModel], field: str) -> list[type[BaseModel]]:
    """The parts that a field may hold."""
    found: list[type[BaseModel]] = []
    waiting: list[Any] = [part.model_fields[field].annotation]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel):
            found.append(kind)
        waiting.extend(get_args(kind))
    return found


def _kinds(part: type[BaseModel]) -> tuple[Any, ...]:
    """The values of `kind` that choose this part."""
    field = part.model_fields.get("kind")
    is_choice = field is not None and get_origin(field.annotation) is Literal
    return get_args(field.annotation) if field is not None and is_choice else ()
