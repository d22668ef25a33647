"""The production factory under test; every answer that a test sees is compared with the OpenAPI document."""

import asyncio
import io
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from PIL import Image
from uvicorn.server import ServerState

from app.http.protocol import FastProtocol
from app.lifecycle.registry import Registry
from app.main import create_app
from app.settings import Settings

WAIT_SECONDS = 20.0


class DocumentedTransport(httpx.AsyncBaseTransport):
    """Talks to the application and holds every answer against its own OpenAPI document."""

    def __init__(self, app: FastAPI, registry: Registry) -> None:
        self._app = app
        self._registry = registry
        self._inner = httpx.ASGITransport(app)
        self._documents: dict[tuple[str, ...], dict[str, Any]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        await response.aread()
        self._compare(request, response)
        return response

    def _compare(self, request: httpx.Request, response: httpx.Response) -> None:
        names = tuple(self._registry.names())
        if names not in self._documents:
            self._documents[names] = self._app.openapi()
        document = self._documents[names]
        operation = _operation(document, request.method.lower(), request.url.path)
        if operation is None:
            return
        assert str(response.status_code) in operation["responses"], (request.url.path, response.text)
        described = operation["responses"][str(response.status_code)]
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in described["content"], (media_type, described)
        if "schema" in described["content"][media_type] and media_type.endswith("json"):
            schema = {**described["content"][media_type]["schema"], "components": document["components"]}
            Draft202012Validator(schema).validate(json.loads(response.content))


def _operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """What the document says about a method and a path; None where it knows neither."""
    if path in document["paths"]:
        return document["paths"][path].get(method)
    for template, operations in document["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operations.get(method)
    return None


Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def serving(tiny_models: Path, registry_of: Callable[[FastAPI], Registry]) -> Serving:
    """Opens an application, its lifespan entered, with a client whose `app` attribute it is."""

    @asynccontextmanager
    async def serve(models: Path = tiny_models, **settings: object) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(Settings(models_dir=models, **settings))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=DocumentedTransport(app, registry_of(app)), base_url="http://test") as client,
        ):
            client.app = app
            yield client

    return serve


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the four tiny models, one per module: its tests run on the module's loop."""
    async with serving() as client:
        yield client


@pytest.fixture(scope="session")
def status_of() -> Callable[..., Awaitable[int]]:
    """The status that the application gives a request, without a client between: any path, and fast."""

    async def ask(app: FastAPI, method: str, path: str, query: bytes = b"", body: bytes = b"") -> int:

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        sent: list[dict[str, Any]] = []
        common = {"type": "http", "root_path": "", "headers": [], "scheme": "http", "server": ("test", 80)}
        await app({**common, "method": method, "path": path, "query_string": query}, receive, send)
        return sent[0]["status"]

    return ask


Picture = Callable[..., bytes]


@pytest.fixture(scope="session")
def blank() -> Picture:
    """A white image file, so many pixels wide and high."""

    def draw(side: int, kind: str) -> bytes:
        file = io.BytesIO()
        Image.new("1", (side, side), 1).save(file, kind)
        return file.getvalue()

    return draw


@pytest.fixture(scope="session")
def picture() -> Picture:
    """An image file, dark on white: most of the ink is left of its centre of mass (digit 1), or right of it (7)."""

    def draw(kind: str = "PNG", digit: int = 1) -> bytes:
        levels = np.full((40, 60), 255, np.uint8)
        levels[5:35, 10:18] = levels[18:22, 18:50] = 0
        image = Image.fromarray(levels if digit == 1 else levels[:, ::-1].copy())
        file = io.BytesIO()
        image.save(file, kind)
        return file.getvalue()

    return draw


class Wire(asyncio.Transport):
    """The client's end of a connection without a socket: what it sends is fed, what it gets is kept."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__()
        config = uvicorn.Config(
            app, log_config=None, access_log=False, http=FastProtocol, ws="none", proxy_headers=False
        )
        config.load()
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"today")]
        self.protocol = FastProtocol(config, self.state, {})
        self.written = bytearray()
        self.is_paused = False
        self._is_closing = False
        self._wrote = asyncio.Event()
        self.protocol.connection_made(self)

    def send(self, *parts: bytes) -> None:
        """Let the bytes arrive, part by part, unless the server has closed the connection."""
        for part in parts:
            if not self._is_closing:
                self.protocol.data_received(part)

    def post(self, path: str, body: bytes, *headers: str, content_type: str = "application/json") -> bytes:
        """The bytes of a request."""
        lines = [f"POST {path} HTTP/1.1", "Host: h", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, *headers, "", ""]).encode() + body

    async def answers(self, count: int) -> list[tuple[int, dict[str, str], bytes]]:
        """The first `count` answers: status, headers and body of each."""
        while len(found := _answers_in(bytes(self.written))) < count:
            await self._more()
        return found

    async def informed(self) -> bytes:
        """The first line that was written."""
        while b"\r\n" not in self.written:
            await self._more()
        return bytes(self.written).partition(b"\r\n")[0]

    async def _more(self) -> None:
        """Until the server writes again."""
        self._wrote.clear()
        await asyncio.wait_for(self._wrote.wait(), WAIT_SECONDS)

    async def answer(self) -> tuple[int, dict[str, str], Any]:
        """The one answer, its body read as JSON."""
        ((status, headers, body),) = await self.answers(1)
        return status, headers, json.loads(body)

    def write(self, data: bytes) -> None:
        self.written += data
        self._wrote.set()

    def close(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def is_closing(self) -> bool:
        return self._is_closing

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


def _answers_in(data: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """The whole answers at the beginning of the data."""
    found = []
    while b"\r\n\r\n" in data:
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            break
        found.append((int(first.split()[1]), headers, rest[:length]))
        data = rest[length:]
    return found


@pytest.fixture
def wire_to() -> Callable[[FastAPI], Wire]:
    """Connects to an application whose lifespan is entered, on the running loop."""
    return Wire


Listening = Callable[[FastAPI], AbstractContextManager[tuple[str, int]]]


@pytest.fixture(scope="session")
def listening(serving_on: Callable[..., AbstractContextManager[None]]) -> Listening:
    """Serves an application on a real socket, as a worker does, on a thread; gives its address."""

    @contextmanager
    def listen(app: FastAPI) -> Iterator[tuple[str, int]]:
        with socket.create_server(("127.0.0.1", 0)) as bound, serving_on(app, bound):
            yield bound.getsockname()

    return listen
