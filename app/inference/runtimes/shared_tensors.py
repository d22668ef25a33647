"""Tensors between two processes: the writer lays them into memory that both map, the reader learns where they lie.

The memory is an anonymous file (Linux's `memfd`) that both inherit: it has no name in `/dev/shm` that could be left
behind, and ends with its last user, however that ends. Strings have no fixed size and lie there pickled.
"""

import mmap
import os
import pickle
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.types import Array, Tensors

ALIGNMENT = 64
"""Bytes: a cache line, and what vector instructions like best."""

SMALLEST = 1 << 16
"""Bytes of a memory that holds anything; it doubles from there."""

RAW_KINDS = "biufc"
"""numpy's kinds of numbers, whose bytes are all there is to them."""


class Place(NamedTuple):
    """Where one tensor lies, in bytes; an empty `dtype` says that it lies there pickled."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    size: int


def open_memory() -> int:
    """A descriptor of new, empty memory."""
    return os.memfd_create("horngate-tensors")


class _Memory:
    """One process's hold on the memory behind `descriptor`, which is its own from now on."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._memory: mmap.mmap | None = None

    def close(self) -> None:
        """Let go of the memory; views of it stay good for as long as they live. Safe to call twice."""
        self._memory = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class TensorWriter(_Memory):
    """Lays tensors into the memory, over those before, and lets it grow where they need more."""

    def write(self, tensors: Tensors) -> list[Place]:
        """Copy every tensor there and say where it lies."""
        places: list[Place] = []
        contents: list[Array | bytes] = []
        end = 0
        for name, array in tensors.items():
            raw = array.dtype.kind in RAW_KINDS
            content = array if raw else pickle.dumps(array, pickle.HIGHEST_PROTOCOL)
            size = array.nbytes if raw else len(content)
            places.append(Place(name, array.dtype.str if raw else "", array.shape, end, size))
            contents.append(content)
            end += -(-size // ALIGNMENT) * ALIGNMENT
        memory = self._hold(end)
        for place, content in zip(places, contents, strict=True):
            if isinstance(content, bytes):
                memory[place.offset : place.offset + place.size] = content
            elif place.size:
                _view(memory, place)[...] = content
        return places

    def _hold(self, size: int) -> mmap.mmap:
        """The memory, with room for `size` bytes."""
        if self._memory is None or len(self._memory) < size:
            grown = max(SMALLEST, 1 << max(size - 1, 0).bit_length())
            os.ftruncate(self._descriptor, grown)
            self._memory = mmap.mmap(self._descriptor, grown)
        return self._memory


class TensorReader(_Memory):
    """Reads tensors out of the memory."""

    def read(self, places: Sequence[Place], *, copied: bool) -> dict[str, Array]:
        """The tensors that lie at `places`: copies, or views that the writer's next `write` changes."""
        end = max((place.offset + place.size for place in places), default=0)
        if self._memory is None or len(self._memory) < end:
            size = os.fstat(self._descriptor).st_size
            self._memory = mmap.mmap(self._descriptor, size, access=mmap.ACCESS_READ)
        return {place.name: _read(self._memory, place, copied=copied) for place in places}


def _read(memory: mmap.mmap, place: Place, *, copied: bool) -> Array:
    """One tensor."""
    if not place.dtype:
        pickled: Array = pickle.loads(memory[place.offset : place.offset + place.size])  # noqa: S301  # our own child's
        return pickled
    view = _view(memory, place)
    return view.copy() if copied else view


def _view(memory: mmap.mmap, place: Place) -> Array:
    """The part of the memory that is the tensor; an empty one has no part in it."""
    if not place.size:
        return np.empty(place.shape, place.dtype)
    return np.ndarray(place.shape, place.dtype, memory, place.offset)
