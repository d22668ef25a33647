"""A request against the model's signature and the server's limits, before anything is queued."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from app.errors import InputInvalid, TooLarge
from app.nearest import nearest_hint
from app.nested import leaf_types
from app.types import Array, Signature, Tensors, TensorSpec, rows_of

KINDS: dict[type, str] = {
    int: "numbers",
    float: "numbers",
    str: "strings",
    bool: "true or false",
    type(None): "null",
    dict: "objects",
}
"""What people call the values of JSON."""

INPUTS = "/inputs"
"""Where the inputs stand in most requests."""


def check_rows(rows: int, limit: int) -> None:
    """Raise `TooLarge` for more inputs than one request may hold."""
    if rows > limit:
        raise TooLarge(f"expected at most {limit:,} inputs in one request; received {rows:,}; send them in parts")


def check_text(text: str, pointer: str, max_characters: int) -> None:
    """Raise `InputInvalid` for a blank text, `TooLarge` for one over the limit."""
    if not text.strip():
        received = "an empty text" if not text else f"{len(text)} characters of white space"
        raise InputInvalid.at(pointer, "a text with at least one visible character", received)
    if len(text) > max_characters:
        raise TooLarge(f"{pointer}: expected at most {max_characters:,} characters; received {len(text):,}; shorten it")


def check_tensors(given: Mapping[str, Any], signature: Signature) -> Tensors:
    """Nested lists by input name as the model's tensors, each (rows, …) of the signature's dtype.

    Raises `InputInvalid` that says which input, what was expected and what came.
    """
    check_names(given, signature)
    return _check_counts({spec.name: _tensor(given[spec.name], spec) for spec in signature.inputs})


def check_arrays(given: Mapping[str, Array], signature: Signature, pointer: str = INPUTS) -> Tensors:
    """Arrays by input name as the model's tensors, in the signature's order; strings are arrays of objects.

    Nothing is converted: whoever sends typed tensors says what they are. `pointer` is where the inputs stand in the
    request. Raises `InputInvalid` as `check_tensors`.
    """
    check_names(given, signature, pointer)
    for spec in signature.inputs:
        _check_array(given[spec.name], spec, pointer)
    return _check_counts({spec.name: given[spec.name] for spec in signature.inputs}, pointer)


def check_names(given: Mapping[str, Any], signature: Signature, pointer: str = INPUTS) -> None:
    """Raise `InputInvalid` unless there is every input of the model's, and no other; the nearest name is given."""
    names = [spec.name for spec in signature.inputs]
    for name in given:
        if name not in names:
            hint = nearest_hint(name[:64], names)
            raise InputInvalid.at(pointer, f"the inputs {', '.join(names)}{hint}", f"an input {name[:64]!r}")
    for name in names:
        if name not in given:
            raise InputInvalid.at(pointer, f"an input {name!r}", "none of that name")


def _check_array(array: Array, spec: TensorSpec, pointer: str) -> None:
    """Raise `InputInvalid` unless the array has the dtype and shape that the model takes."""
    if array.dtype != _dtype_of(spec.dtype) or not _fits(array, spec):
        dtype = "string" if array.dtype == object else array.dtype.name
        expected = f"{[-1 if size is None else size for size in spec.shape]} {spec.dtype}"
        raise InputInvalid.at(f"{pointer}/{spec.name}", expected, f"{list(array.shape)} {dtype}")


@cache
def _dtype_of(name: str) -> "np.dtype[Any]":
    """Numpy's dtype of a signature's: making one, and telling its name, takes as long as all else here."""
    return np.dtype(object if name == "string" else name)


def _check_counts(tensors: Tensors, pointer: str = INPUTS) -> Tensors:
    """The same; raises `InputInvalid` where they differ in rows or have none."""
    rows = rows_of(tensors)
    if len(tensors) > 1 and any(len(array) != rows for array in tensors.values()):
        counts = {name: len(array) for name, array in tensors.items()}
        raise InputInvalid.at(pointer, "the same number of rows in every input", str(counts))
    if not rows:
        raise InputInvalid.at(pointer, "at least one row", "none")
    return tensors


def numeric_array(values: Any, pointer: str) -> Array:
    """Nested lists of finite numbers as an array; raises `InputInvalid` for ragged lists, text, NaN and huge ones."""
    _expect_leaves(values, {int, float}, pointer)
    array = _array(values, pointer)
    if array.dtype.kind not in "fiu":
        raise InputInvalid.at(pointer, "numbers", "numbers beyond 64 bits")
    if not np.isfinite(array).all():
        raise InputInvalid.at(pointer, "finite numbers", "NaN or infinity")
    return array


def _expect_leaves(values: Any, accepted: set[type], pointer: str) -> None:
    """Raise `InputInvalid` unless nested lists hold only values of these types.

    Before numpy sees them: it would make each cell as wide as the longest string.
    """
    kinds = leaf_types(values if isinstance(values, list) else [values])
    if not kinds <= accepted:
        expected, received = (" and ".join(sorted({KINDS[kind] for kind in some})) for some in (accepted, kinds))
        raise InputInvalid.at(pointer, expected, received)


def _array(values: Any, pointer: str, dtype: type | None = None) -> Array:
    """Nested lists as an array; raises `InputInvalid` where their lengths differ."""
    try:
        array = np.asarray(values, dtype)
    except ValueError:
        array = None
    if array is None or (dtype is object and list in set(map(type, array.ravel()))):
        raise InputInvalid.at(pointer, "lists of equal length", "ragged lists")
    return array


def _fits(array: Array, spec: TensorSpec) -> bool:
    """Whether the array has the shape that the model takes."""
    return array.ndim == len(spec.shape) and all(
        size in (None, actual) for size, actual in zip(spec.shape, array.shape, strict=True)
    )


def _tensor(values: Any, spec: TensorSpec) -> Array:
    """One input as its tensor."""
    pointer = f"/inputs/{spec.name}"
    array = _strings(values, pointer) if spec.dtype == "string" else _numbers(values, spec, pointer)
    if not _fits(array, spec):
        expected = f"{[-1 if size is None else size for size in spec.shape]} {spec.dtype}"
        raise InputInvalid.at(pointer, expected, f"{list(array.shape)} {array.dtype.name}")
    return array


def _strings(values: Any, pointer: str) -> Array:
    """Nested lists of strings as an object array."""
    _expect_leaves(values, {str}, pointer)
    return _array(values, pointer, object)


def _numbers(values: Any, spec: TensorSpec, pointer: str) -> Array:
    """Nested lists of numbers, or of booleans, in the model's dtype; a value that does not fit it is refused."""
    dtype = np.dtype(spec.dtype)
    if dtype.kind == "b":
        _expect_leaves(values, {bool}, pointer)
        return _array(values, pointer, bool)
    array = numeric_array(values, pointer)
    if dtype.kind in "iu":
        if array.dtype.kind == "f" and (array % 1).any():
            raise InputInvalid.at(pointer, f"whole numbers ({spec.dtype})", "fractions")
        limits = np.iinfo(dtype)
        if array.size and not (limits.min <= int(array.min()) and int(array.max()) <= limits.max):
            raise InputInvalid.at(pointer, f"{spec.dtype} from {limits.min} to {limits.max}", "a number beyond that")
        return array.astype(dtype)
    # A number a little above the largest, such as 3.4028235e38, is how many write that one.
    with np.errstate(over="ignore"):
        rounded = array.astype(dtype)
    if np.isinf(rounded).any():
        raise InputInvalid.at(pointer, f"{spec.dtype} up to {np.finfo(dtype).max:.3g}", "a number beyond that")
    return rounded
