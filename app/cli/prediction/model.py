"""A model that can be asked, wherever it is, and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from app.types import Prediction, TensorSpec

Kind = Literal["text", "picture", "tensors"]

TEXT_TASKS = ("sentiment", "topic")


@dataclass(frozen=True, slots=True)
class Model:
    """What one version takes and gives; `runtime` is what it runs on."""

    name: str
    version: int
    task: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    labels: tuple[str, ...]
    runtime: str

    @property
    def place(self) -> str:
        """The version as users name it."""
        return f"{self.name}/{self.version}"

    @property
    def kind(self) -> Kind:
        """What its inputs are."""
        if self.task in TEXT_TASKS:
            return "text"
        return "picture" if self.task == "digit" else "tensors"


class Failed(NamedTuple):
    """Why an input has no prediction."""

    reason: str


Told = Prediction | Failed
"""What becomes of one input."""


class Asker(Protocol):
    """Asks one model."""

    @property
    def model(self) -> Model:
        """Which."""

    def ask(self, inputs: Sequence[Any]) -> list[Told]:
        """A prediction for each input, or why it has none, in order.

        An input is a text; an image file's bytes or path, or its pixels (28, 28) with ink high; or a row of each
        tensor by name, as nested lists. Raises `HorngateError` where the model itself cannot be asked.
        """
