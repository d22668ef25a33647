"""Models as users bring them, in the one format that needs no TensorFlow."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.models.adding import Added, Wanted, add_model
from app.conversion.source import recognise
from app.inference.calibration.conditions import Conditions

QUICK = Conditions(runtimes=("onnx",), batches=(1, 2), seconds=0.001)


@pytest.fixture
def onnx_file(tmp_path: Path, tiny_models: Path) -> Callable[[str], Path]:
    """The graph of one of the tiny models in a file of its own."""

    def copy(name: str) -> Path:
        path = tmp_path / "brought" / f"{name}.onnx"
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(tiny_models / name / "1" / "model.onnx", path)
        return path

    return copy


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder that does not stand yet."""
    return tmp_path / "models"


@pytest.fixture
def add(models: Path) -> Callable[..., Added]:
    """Adds a file to that folder, calibrated in an instant."""

    def call(path: Path, name: str = "mine", **wanted: object) -> Added:
        return add_model(models, Wanted(recognise(path), name, **wanted), QUICK)

    return call
