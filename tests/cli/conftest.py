"""A server of the tiny models for commands that ask one, and the command in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from app.cli.prediction.model import Model
from app.main import create_app
from app.settings import Settings

TEXT = Model("sentiment", 1, "sentiment", (), (), ("negative", "positive"), "onnx")
PICTURE = Model("digit", 1, "digit", (), (), tuple("0123456789"), "onnx")


@pytest.fixture
def text_model() -> Model:
    return TEXT


@pytest.fixture
def picture_model() -> Model:
    return PICTURE


@pytest.fixture(scope="session")
def server_url(tiny_models: Path, serving_on: Callable[..., AbstractContextManager[None]]) -> Iterator[str]:
    """Where the tiny models are served."""
    app = create_app(Settings(models_dir=tiny_models, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as bound, serving_on(app, bound):
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def start() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts the real command with these words; killed at the end where it still runs."""
    started: list[subprocess.Popen[str]] = []

    def call(*words: object, before: str = "", **options: object) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HORNGATE_")}
        code = f"{before}\nfrom app.cli import main\nmain()"
        arguments = [sys.executable, "-c", code, *map(str, words)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": kept}
        started.append(subprocess.Popen(arguments, **{**pipes, **options}))
        return started[-1]

    yield call
    for process in started:
        process.kill()
        process.communicate()
