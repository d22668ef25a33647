"""Which columns of a table are a model's input: named by the user, or the only ones that can be."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.prediction.cells import numbers_in, picture_in, pixels_in, tensor_in, text_in
from app.cli.prediction.model import Model
from app.labelled.columns import TEXT_NAMES
from app.labelled.errors import DataInvalid, RowInvalid
from app.nearest import nearest_hint
from app.processing.mnist import SIDE
from app.types import TensorSpec

Fields = Mapping[str, Any]
Reader = Callable[[Fields], Any]
"""Makes a row's columns an input; raises `RowInvalid`."""

PICTURE_NAMES = ("image", "picture", "file", "path", "filename", "pixels")
PIXEL_NAME = re.compile(r"(pixel|px|p)?_?[0-9]+(x[0-9]+)?", re.IGNORECASE)
PIXELS = SIDE * SIDE


def reader_of(model: Model, columns: Sequence[str], named: Sequence[str], folder: Path) -> Reader:
    """What makes inputs of the rows of a table with these columns, of which the user has named some or none.

    Pictures' paths are taken from `folder`. Raises `DataInvalid` where the columns cannot be known, and says which
    there are.
    """
    for name in named:
        if name not in columns:
            raise DataInvalid(f"expected a column {name!r} (--column); {_told(columns)}{nearest_hint(name, columns)}")
    match model.kind:
        case "text":
            return _texts(tuple(named) or _usual(columns, TEXT_NAMES))
        case "picture":
            return _pictures(tuple(named) or _of_pictures(columns), folder)
        case "tensors":
            return _tensors(model, columns, named)


def _texts(names: Sequence[str]) -> Reader:
    """Several columns are joined with a space."""
    return lambda fields: " ".join(text_in(_cell(fields, name), name) for name in names)


def _pictures(names: Sequence[str], folder: Path) -> Reader:
    """One column of pictures, or one for each pixel."""
    if len(names) == 1:
        return lambda fields: picture_in(_cell(fields, names[0]), names[0], folder)
    if len(names) != PIXELS:
        raise DataInvalid(f"expected one column of pictures, or {PIXELS} of pixels; received {len(names)}")
    return lambda fields: pixels_in([_cell(fields, name) for name in names])


def _tensors(model: Model, columns: Sequence[str], named: Sequence[str]) -> Reader:
    """A column for each tensor by its name; for the only tensor, those that are named, or all of as many as it has."""
    specs = {spec.name: spec for spec in model.inputs}
    if not named and specs.keys() <= set(columns):
        return lambda fields: {name: tensor_in(_cell(fields, name), name, spec) for name, spec in specs.items()}
    if len(specs) > 1:
        raise DataInvalid(f"expected the columns {', '.join(specs)}, the inputs of {model.place}; {_told(columns)}")
    return _only_tensor(model, model.inputs[0], columns, named)


def _only_tensor(model: Model, spec: TensorSpec, columns: Sequence[str], named: Sequence[str]) -> Reader:
    """One column of rows, or a column for each number of a row."""
    width = spec.shape[1] if len(spec.shape) == 2 else None
    names = tuple(named) or (tuple(columns) if len(columns) in (1, width) else ())
    if len(names) == 1:
        return lambda fields: {spec.name: tensor_in(_cell(fields, names[0]), names[0], spec)}
    if names and len(spec.shape) == 2:
        return lambda fields: {spec.name: numbers_in([_cell(fields, name) for name in names], spec)}
    needed = f"expected a column {spec.name!r}, the input of {model.place}"
    numbers = f", or {width} of numbers" if width else ""
    raise DataInvalid(f"{needed}{numbers}; {_told(columns)}; name it with --column")


def _of_pictures(columns: Sequence[str]) -> tuple[str, ...]:
    """The column of pictures, or those of the pixels."""
    pixels = tuple(name for name in columns if PIXEL_NAME.fullmatch(name))
    return pixels if len(pixels) == PIXELS else _usual(columns, PICTURE_NAMES)


def _usual(columns: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The column of one of the usual names, whatever its case, or the only one that there is."""
    lowered = [name.casefold() for name in columns]
    for name in usual:
        if lowered.count(name) == 1:
            return (columns[lowered.index(name)],)
    if len(columns) == 1:
        return (columns[0],)
    raise DataInvalid(f"expected a column {', '.join(usual)}; {_told(columns)}; name it with --column")


def _cell(fields: Fields, name: str) -> Any:
    """What stands in a column; raises `RowInvalid` where the row has none of that name."""
    if name not in fields:
        raise RowInvalid(f"expected a column {name!r}; received none in this row")
    return fields[name]


def _told(columns: Sequence[str]) -> str:
    """The columns that are there; the first of many."""
    more = f" and {len(columns) - 20} more" if len(columns) > 20 else ""
    return f"received {', '.join(repr(name[:40]) for name in columns[:20])}{more}"
