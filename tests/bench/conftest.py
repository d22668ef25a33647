"""A small HTTP server on a thread of its own, steps short enough for a test, and outcomes without a measurement."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from app.bench.measurement import Measurement
from app.bench.preparation import Prepared
from app.bench.probe import Answer
from app.bench.request import Body, Load, Target, make_load
from app.bench.session import Outcome
from app.bench.step import Step
from app.bench.tally import Counts

ANSWER = b'{"label":"positive"}'
OPENAPI = {
    "paths": {
        "/health": {"get": {}},
        "/predict/sentiment": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"examples": {"one": {"value": {"text": "A wonderful film"}}}}}
                }
            }
        },
        "/predict/bare": {"post": {}},
    }
}


@dataclass
class Script:
    """What the server does: `status(number)` of the answer to each POST, counted from 1; 0 closes the connection.

    Every answer waits for `gate`. `bodies` and `heads` are what came; `document` answers each GET. The server ends at
    the POST `dies_at`.
    """

    status: Callable[[int], int] = lambda number: 200
    headers: tuple[str, ...] = ()
    dies_at: int | None = None
    bodies: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    raw: bytes | None = None
    document: tuple[int, bytes] = (200, json.dumps(OPENAPI).encode())

    def __post_init__(self):
        self.gate.set()

    def answer(self, number: int) -> bytes | None:
        if self.raw is not None:
            return self.raw
        status = self.status(number)
        lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(ANSWER)}", "X-Model: sentiment/1", *self.headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + ANSWER if status else None


class TinyServer:
    """Serves a script until it is left."""

    def __init__(self, script: Script):
        self.script = script
        self.port = 0
        self._posts = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Safe to call twice."""
        self.script.gate.set()
        with suppress(RuntimeError):  # its loop is closed already
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(30)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self):
        self._loop, self._end, self._writers = asyncio.get_running_loop(), asyncio.Event(), set()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        await self._die()
        while len(asyncio.all_tasks()) > 1:  # a connection that was just accepted is a task before it is known
            self._abort()
            await asyncio.sleep(0)

    async def _die(self):
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)  # asyncio forgets a socket that it has accepted when the server is closed a turn later
        self._server.close()
        self._abort()

    def _abort(self):
        for writer in list(self._writers):
            writer.transport.abort()

    async def _talk(self, reader, writer):
        self._writers.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._exchange(reader, writer):
                pass
            writer.close()
            await writer.wait_closed()
        writer.transport.abort()
        self._writers.discard(writer)

    async def _exchange(self, reader, writer) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET"):
            status, document = self.script.document
            writer.write(b"HTTP/1.1 %d Word\r\nContent-Length: %d\r\n\r\n" % (status, len(document)) + document)
            return True
        self._posts += 1
        number = self._posts
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        self.script.heads.append(head)
        self.script.bodies.append(await reader.readexactly(length))
        if number == self.script.dies_at:
            await self._die()
            return False
        if not self.script.gate.is_set():
            await asyncio.to_thread(self.script.gate.wait, 30)
        answer = self.script.answer(number)
        if answer is not None:
            writer.write(answer)
        return answer is not None and b"connection: close" not in answer.lower()


@pytest.fixture
def serve() -> Iterator[Callable[..., TinyServer]]:
    """Starts servers: `serve(status=…, headers=…, dies_at=…, raw=…)`."""
    with ExitStack() as stack:
        yield lambda **script: stack.enter_context(TinyServer(Script(**script)))


@pytest.fixture
def load_for() -> Callable[..., Load]:
    """A load of one small body for a URL."""
    return lambda url, *bodies: make_load(Target.parse(url), bodies or [Body(b'{"text": "good"}', "application/json")])


@pytest.fixture
def step_of() -> Callable[..., Step]:
    """A short step: two connections, or the rate that is given."""

    def make(connections: int = 2, rate: float | None = None, **settings) -> Step:
        times = {"seconds": 0.3, "warmup_seconds": 0.0, "timeout_seconds": 10.0}
        return Step(connections, rate, **{**times, "spacing": "constant", **settings})

    return make


@pytest.fixture
def counts_of() -> Callable[..., Counts]:
    """Counts as if they had been measured in one second: so many answers of each status, one latency each."""

    def make(statuses: dict[int, int], seconds: float = 0.002, **more) -> Counts:
        counts = Counts(seconds=1.0, answered=sum(statuses.values()), cpu_seconds=0.01, **more)
        counts.statuses.update(statuses)
        for status, number in statuses.items():
            for _ in range(number):
                (counts.accepted if status == 200 else counts.refused).record(seconds)
        counts.good = counts.rows = statuses.get(200, 0)
        return counts

    return make


@pytest.fixture
def outcome_of() -> Callable[..., Outcome]:
    """An outcome with these measurements."""

    def make(*measurements: Measurement, status: int = 200, detail: str = "") -> Outcome:
        load = Load(Target("http", "127.0.0.1", 8000, "/predict/sentiment"), (b"",))
        answer = Answer(status, 20, "sentiment/1", detail)
        return Outcome(Prepared(load, answer, "application/json, 20 bytes"), 1, measurements=list(measurements))

    return make


@pytest.fixture
def silent() -> Callable[[object], None]:
    """Hears and forgets."""
    return lambda event: None
