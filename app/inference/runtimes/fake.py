"""A runtime in memory, for tests of everything above it."""

from collections.abc import Callable
from pathlib import Path

from app.types import Array, Signature, Tensors


class FakeRuntime:
    """Answers with a function of the tensors; keeps the sizes of its batches in `batches`."""

    def __init__(self, signature: Signature, answer: Callable[[Tensors], dict[str, Array]]) -> None:
        self.batches: list[int] = []
        self.is_open = False
        self._signature = signature
        self._answer = answer

    def load(self, folder: Path) -> Signature:
        """Nothing to read; `folder` is not looked at."""
        del folder
        self.is_open = True
        return self._signature

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """The function's answer, the batch noted down."""
        self.batches.append(len(next(iter(tensors.values()))))
        return self._answer(tensors)

    def close(self) -> None:
        """No more answers are expected."""
        self.is_open = False
