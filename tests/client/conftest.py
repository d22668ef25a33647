"""The real application, in this process and on a port, and a model that waits until the test lets it go."""

import io
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from PIL import Image

from app.client import AsyncHorngate
from app.errors import InferenceFailed
from app.http.protocol import FastProtocol
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.sizing import Sizing
from app.lifecycle.registry import Registry
from app.lifecycle.running import Running
from app.lifecycle.served_model import ServedModel
from app.main import create_app
from app.repository.manifest import Manifest, Plan, Tensors
from app.repository.scanner import VersionFolder
from app.settings import Settings
from app.tasks.tensor import TensorTask
from app.types import Signature, TensorSpec

WAIT_SECONDS = 20.0


def registry_of(app: FastAPI) -> Registry:
    return app.router.routes[0].endpoint._registry


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


@dataclass
class Held:
    """A tensor model, `held/1`, whose every batch, one row each, waits for `release`; `started` says that one does.

    It fails on rows below zero.
    """

    started: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def answer(self, tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.started.set()
        if not self.release.wait(WAIT_SECONDS):
            raise TimeoutError
        if tensors["value"].min() < 0:
            raise InferenceFailed("a row that the model hates")
        return {"value": tensors["value"]}

    def serve_in(self, app: FastAPI, max_queue_rows: int) -> ServedModel:
        signature = Signature(*[(TensorSpec("value", "float32", (None,)),)] * 2)
        plan = Plan(runtime="onnx", max_batch_rows=1)
        manifest = Manifest(name="held", version=1, task="tensor", signature=Tensors.of(signature), plan=plan, files={})
        pool = Pool([FakeRuntime(signature, self.answer)])
        observer = app.user_middleware[0].kwargs["observer"].metrics.observe_model("held", 1)
        batcher = Batcher(pool, signature, observer, sizing=Sizing(1), max_queue_rows=max_queue_rows)
        folder = VersionFolder("held", 1, Path("held/1"))
        task, running = TensorTask(signature), Running.of(plan)
        model = ServedModel(folder, manifest, signature, task, batcher, pool, observer, running)
        registry_of(app).add("held", [model], 1, {})
        return model


@pytest.fixture
def held() -> Iterator[Held]:
    """A model to be served that holds every batch until the test lets it go."""
    held = Held()
    yield held
    held.release.set()


@pytest.fixture(scope="session")
def drain() -> Callable[[FastAPI, str], Any]:
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
def served_on(tiny_models: Path) -> Callable[..., AbstractContextManager[None]]:
    """Serves the tiny models on a listener, as a worker does, on a thread."""

    @contextmanager
    def serve(bound: socket.socket, models: Path = tiny_models) -> Iterator[None]:
        app = create_app(Settings(models_dir=models, access_log=False))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, loop="uvloop", http=FastProtocol, ws="none", proxy_headers=False
        )
        server = uvicorn.Server(config)
        bound.listen()
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(WAIT_SECONDS)
        assert not thread.is_alive()

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
