"""Many items, a batch at a time."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, TypeVar

from app.client.errors import HorngateError
from app.client.results import Prediction

Item = TypeVar("Item")

Errors = Literal["raise", "return"]
"""What becomes of a wrong item's error: it ends everything, or stands in the item's place."""


def check(batch: int, concurrency: int, errors: str) -> None:
    """Raise `ValueError` for what makes no sense."""
    for name, value in (("batch", batch), ("concurrency", concurrency)):
        if value < 1:
            raise ValueError(f"{name}: expected 1 or more; received {value}")
    if errors not in ("raise", "return"):
        raise ValueError(f"errors: expected raise or return; received {errors!r}")


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last as long as it is; reads no further than it is asked."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def released(results: Sequence[Prediction | HorngateError], errors: Errors) -> Iterator[Prediction | HorngateError]:
    """The results one by one; with `raise` the first error ends them."""
    for result in results:
        if errors == "raise" and isinstance(result, HorngateError):
            raise result
        yield result


async def in_batches_of_stream(items: Iterable[Item] | AsyncIterable[Item], size: int) -> AsyncIterator[list[Item]]:
    """The same of what may be an asynchronous iterable."""
    if isinstance(items, Iterable):
        for batch in in_batches(items, size):
            yield batch
        return
    part: list[Item] = []
    async for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
