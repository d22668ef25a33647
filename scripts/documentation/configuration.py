"""The table of settings, written from `app/settings.py`: variable, type with unit and bounds, default, meaning."""

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from app.settings import PREFIX, Settings

HEAD = "| variable | takes | default | meaning |\n|---|---|---|---|"

UNITS = {"_seconds": "seconds", "_bytes": "bytes", "_rows": "rows", "_characters": "characters", "_ms": "milliseconds"}
"""A setting's unit stands at the end of its name."""

TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Path: "path",
    NoneType: "nothing",
}

BOUNDS = {Ge: ("from", "ge"), Gt: ("above", "gt"), Le: ("to", "le"), Lt: ("below", "lt")}

MACHINE = {"workers": "one per core"}
"""Defaults that the machine decides, in words."""


def configuration_table() -> str:
    """The table in Markdown, a row per setting in the order of the code."""
    return "\n".join([HEAD, *(_row(name, field) for name, field in Settings.model_fields.items())])


def unit_of(name: str) -> str:
    """The unit that a setting's name ends with; empty where there is none."""
    return next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "")


def _row(name: str, field: FieldInfo) -> str:
    """One setting."""
    takes = " ".join([_type_words(field.annotation), *_bounds(field)])
    unit = unit_of(name)
    meaning = (field.description or "").replace("|", "\\|").replace("<", "&lt;")
    return (
        f"| `{PREFIX}{name.upper()}` | {f'{unit}: {takes}' if unit else takes} | {_default(name, field)} | {meaning} |"
    )


def _type_words(annotation: Any) -> str:
    """A type as somebody who sets a variable thinks of it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _type_words(get_args(annotation)[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if origin in (Union, UnionType):
        return " or ".join(_type_words(each) for each in get_args(annotation) if each is not NoneType)
    if origin is tuple:
        return "list of texts, as JSON"
    return TYPES[annotation]


def _bounds(field: FieldInfo) -> list[str]:
    """The least and the greatest value that it takes."""
    return [
        f"{words} {getattr(bound, attribute):,}"
        for bound in field.metadata
        for kind, (words, attribute) in BOUNDS.items()
        if isinstance(bound, kind)
    ]


def _default(name: str, field: FieldInfo) -> str:
    """What holds where the variable is not set."""
    if name in MACHINE:
        return MACHINE[name]
    if field.default is None:
        return "none"
    if field.default == ():
        return "`[]`"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default:g}`" if isinstance(field.default, float) else f"`{field.default}`"
