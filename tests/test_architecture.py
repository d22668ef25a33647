"""What may be imported where, seen from outside; import-linter holds the layers themselves."""

import subprocess
import sys
from pathlib import Path

import pytest


def modules_after(code: str, folder: Path) -> set[str]:
    """The top-level modules that a fresh interpreter has imported after some code."""
    listing = "; import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ended = subprocess.run(
        [sys.executable, "-c", code + listing], cwd=folder, text=True, capture_output=True, timeout=60, check=True
    )
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    "module", ["app.main", "app.worker", "app.cli", "app.server", "app.lifecycle.loader", "app.cli.models.adding"]
)
def test_serving_imports_neither_tensorflow_nor_what_only_training_needs(module: str, tmp_path: Path) -> None:
    heavy = {"tensorflow", "keras", "matplotlib", "sklearn", "onnx", "tf2onnx", "scripts"}
    assert not modules_after(f"import {module}", tmp_path) & heavy


def test_the_command_starts_without_the_web_framework_and_the_runtimes(tmp_path: Path) -> None:
    loaded = modules_after("import app.cli", tmp_path)
    assert "click" in loaded
    assert not loaded & {"fastapi", "starlette", "uvicorn", "onnxruntime", "tokenizers", "PIL"}


def test_the_supervisor_needs_no_model_runtime(tmp_path: Path) -> None:
    assert not modules_after("import app.server", tmp_path) & {"fastapi", "onnxruntime", "tokenizers", "PIL"}


def test_importing_writes_nothing_and_reports_to_nobody(tmp_path: Path) -> None:
    code = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}; import os; os.environ['TMPDIR'] = {str(tmp_path)!r}"
    modules_after(f"{code}; import app.main; assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'", tmp_path)
    assert list(tmp_path.iterdir()) == []
