"""The server that the conformance suites ask: ours, or the one at `CONFORMANCE_URL`.

`CONFORMANCE_URL=http://127.0.0.1:8000 CONFORMANCE_MODEL=mnist pytest --no-cov tests/conformance` asks another.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import Settings


def pytest_configure(config: pytest.Config) -> None:
    """Markers of the suites."""
    config.addinivalue_line("markers", "extension(name): a rule of an extension, for servers that list it")


@pytest.fixture(scope="session")
def server_url(tiny_models: Path, serving_on: Callable[..., AbstractContextManager[None]]) -> Iterator[str]:
    """Where the server under test listens."""
    given = os.environ.get("CONFORMANCE_URL")
    if given:
        yield given.rstrip("/")
        return
    app = create_app(Settings(models_dir=tiny_models, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as bound, serving_on(app, bound):
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture(scope="session")
def model_name() -> str:
    """A model that the server serves."""
    return os.environ.get("CONFORMANCE_MODEL", "adder")


@pytest.fixture(scope="session")
def http(server_url: str) -> Iterator[httpx.Client]:
    """A client of the server under test, without proxies."""
    with httpx.Client(base_url=server_url, trust_env=False, timeout=30) as client:
        yield client
