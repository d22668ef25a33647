"""The real application, in this process and on a port, and a model that waits until the test lets it go."""

import io
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from app.client import AsyncHorngate
from app.main import create_app
from app.settings import Settings

WAIT_SECONDS = 20.0


Serving = Callable[..., AbstractAsyncContextManager[FastAPI]]
Asking = Callable[..., AsyncHorngate]


@pytest.fixture(scope="session")
def serving(tiny_models: Path) -> Serving:
    """Opens an application in this process, its lifespan entered."""

    @asynccontextmanager
    async def serve(models: Path = tiny_models, **settings: object) -> AsyncIterator[FastAPI]:
        app = create_app(Settings(models_dir=models, access_log=False, **settings))
        async with app.router.lifespan_context(app):
            yield app

    return serve


@pytest.fixture(scope="session")
def asking() -> Asking:
    """A client of an application in this process."""

    def ask(app: Any, **options: Any) -> AsyncHorngate:
        return AsyncHorngate("http://test", **{"transport": httpx.ASGITransport(app), **options})

    return ask


@pytest.fixture(scope="session")
def drain(registry_of: Callable[[FastAPI], Any]) -> Callable[[FastAPI, str], Any]:
    """Lets one model of an application take no more, as on the way out."""

    async def begin(app: FastAPI, name: str) -> None:
        await registry_of(app).resolve(name).batcher.drain(WAIT_SECONDS)

    return begin


Port = Callable[[], AbstractContextManager[socket.socket]]


@pytest.fixture(scope="session")
def listener() -> Port:
    """A port of this machine that refuses connections until `listen` is called."""

    @contextmanager
    def bind() -> Iterator[socket.socket]:
        with socket.socket() as bound:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(("127.0.0.1", 0))
            yield bound

    return bind


@pytest.fixture(scope="session")
def url_of() -> Callable[[socket.socket], str]:
    """Where a listener is asked."""
    return lambda bound: "http://{}:{}".format(*bound.getsockname())


@pytest.fixture(scope="session")
def served_on(tiny_models: Path, serving_on: Any) -> Callable[..., AbstractContextManager[None]]:
    """Serves the tiny models on a listener, as a worker does, on a thread."""

    @contextmanager
    def serve(bound: socket.socket, models: Path = tiny_models) -> Iterator[None]:
        with serving_on(create_app(Settings(models_dir=models, access_log=False)), bound):
            yield

    return serve


@pytest.fixture(scope="module")
def url(listener: Port, served_on: Any, url_of: Any) -> Iterator[str]:
    """A real server of the tiny models."""
    with listener() as bound, served_on(bound):
        yield url_of(bound)


@pytest.fixture(scope="session")
def photo() -> np.ndarray:
    """Dark on white, (40, 60) uint8: most of the ink is left of its centre of mass, which the tiny model calls 1."""
    levels = np.full((40, 60), 255, np.uint8)
    levels[5:35, 10:18] = levels[18:22, 18:50] = 0
    return levels


@pytest.fixture(scope="session")
def image_file(photo: np.ndarray) -> bytes:
    """The same as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()
