"""A runtime in memory, for tests of everything above it."""

from collections.abc import Callable
from pathlib import Path

from app.errors import HorngateError, InferenceFailed
from app.inference.runtimes.gradients import inputs_in
from app.inference.runtimes.inputs import check_inputs
from app.types import Array, Signature, Tensors


class FakeRuntime:
    """Answers with a function of the tensors; keeps the sizes of its batches in `batches`."""

    def __init__(self, signature: Signature, answer: Callable[[Tensors], dict[str, Array]]) -> None:
        self.batches: list[int] = []
        self.is_open = True
        self._signature = signature
        self._answer = answer

    def load(self, folder: Path) -> Signature:
        """Nothing to read; `folder` is not looked at."""
        del folder
        return self._signature

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """The function's answer, the batch noted down; raises `InferenceFailed` where it raises, and once closed.

        Inputs other than the signature's are refused, as the real ones refuse them; whether gradients are asked for is
        the function's business.
        """
        if not self.is_open:
            raise InferenceFailed("the runtime is closed")
        check_inputs(self._signature.inputs, inputs_in(tensors))
        self.batches.append(len(next(iter(tensors.values()))))
        try:
            return self._answer(tensors)
        except HorngateError:
            raise
        except Exception as error:  # as the real ones do, whatever it is
            raise InferenceFailed(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """No more answers are expected."""
        self.is_open = False
