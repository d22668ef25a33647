"""Tiny models to ask, in this process or through a real server, and tables to ask them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.cli.prediction.local import LocalAsker, open_local
from app.cli.prediction.model import Failed, Model, Told
from app.types import TensorSpec

TEXT = Model("sentiment", 1, "sentiment", (), (), ("negative", "positive"), "onnx")


@pytest.fixture
def tensor_model() -> Callable[..., Model]:
    """A model of these inputs: name to shape without the rows, of floats."""

    def make(labels: tuple[str, ...] = (), dtype: str = "float32", **shapes: tuple[int | None, ...]) -> Model:
        inputs = tuple(TensorSpec(name, dtype, (None, *shape)) for name, shape in shapes.items())
        outputs = (TensorSpec("scores", "float32", (None, len(labels) or 2)),)
        return Model("mine", 1, "tensor", inputs, outputs, labels, "onnx")

    return make


@pytest.fixture
def opened(tiny_models: Path) -> Iterator[Callable[[str], LocalAsker]]:
    """Opens a tiny model in this process; closed after the test."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(open_local(tiny_models, name))


@dataclass
class CountingAsker:
    """Answers every text by its length, and remembers what it was asked; `stop` is raised at the text of that name."""

    model: Model = TEXT
    asked: list[Any] = field(default_factory=list)
    stop: BaseException | None = None
    at: str = ""

    def ask(self, inputs: Sequence[Any]) -> list[Told]:
        if self.stop is not None and self.at in inputs:
            raise self.stop
        self.asked += inputs
        return [self._told(text) for text in inputs]

    def _told(self, text: str) -> Told:
        share = min(len(text), 100) / 100
        if text == "bad":
            return Failed("a bad one")
        return {
            "label": "positive" if share > 0.5 else "negative",
            "score": max(share, 1 - share),
            "probabilities": {"negative": 1 - share, "positive": share},
        }


@pytest.fixture
def counting() -> CountingAsker:
    return CountingAsker()
