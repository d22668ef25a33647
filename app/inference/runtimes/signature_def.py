"""The names of a SavedModel's inputs and outputs, read from `saved_model.pb` without TensorFlow.

Protocol buffers, by their wire format (protobuf.dev/programming-guides/encoding); the path to the names is
SavedModel.meta_graphs (2), MetaGraphDef.signature_def (5, a map), SignatureDef.inputs (1) and .outputs (2, both maps).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import ModelInvalid

SAVED_MODEL = "saved_model.pb"
SIGNATURE = "serving_default"

META_GRAPHS, SIGNATURES, INPUTS, OUTPUTS = 2, 5, 1, 2
MAP_KEY, MAP_VALUE = 1, 2
VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
FIXED_SIZES = {FIXED64: 8, FIXED32: 4}


@dataclass(frozen=True, slots=True)
class SignatureNames:
    """What the serving signature calls its inputs and outputs."""

    inputs: frozenset[str]
    outputs: frozenset[str]


def read_signature_names(folder: Path) -> SignatureNames:
    """The names of `serving_default`; raises `ModelInvalid` where the file is no SavedModel or lacks the signature."""
    try:
        graphs = _each(memoryview((folder / SAVED_MODEL).read_bytes()), META_GRAPHS)
        signatures = {name: value for graph in graphs for name, value in _map(graph, SIGNATURES)}
        serving = signatures.get(SIGNATURE)
        if serving is None:
            raise ModelInvalid(missing_signature(list(signatures)))
        parts = (frozenset(name for name, _ in _map(serving, part)) for part in (INPUTS, OUTPUTS))
        return SignatureNames(*parts)
    except (OSError, ValueError, IndexError) as error:
        raise ModelInvalid(f"{SAVED_MODEL} cannot be read as a SavedModel: {error}") from error


def missing_signature(names: list[str]) -> str:
    """What to say of a SavedModel that has only these signatures."""
    # TensorFlow's own, which initialises variables, is nothing that a user wrote.
    own = [name for name in names if not name.startswith("__")]
    return f"expected a signature {SIGNATURE!r}; received {', '.join(own) or 'none'}"


def _map(message: memoryview, number: int) -> Iterator[tuple[str, memoryview]]:
    """The entries of a map from strings to messages."""
    for entry in _each(message, number):
        key = next(_each(entry, MAP_KEY), memoryview(b""))
        yield str(key, "utf-8"), next(_each(entry, MAP_VALUE), memoryview(b""))


def _each(message: memoryview, number: int) -> Iterator[memoryview]:
    """The contents of every field of that number whose size the message says itself: strings and messages."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        kind = tag & 7
        if kind == VARINT:
            _, position = _varint(message, position)
            continue
        if kind == DELIMITED:
            size, position = _varint(message, position)
        elif kind in FIXED_SIZES:
            size = FIXED_SIZES[kind]
        else:
            raise ValueError(f"wire type {kind} at byte {position}")
        if position + size > len(message):
            raise ValueError(f"it ends before byte {position + size}")
        if kind == DELIMITED and tag >> 3 == number:
            yield message[position : position + size]
        position += size


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """The number at `position`, seven bits a byte, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
