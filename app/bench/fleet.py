"""The generator's processes, seen from the one that started them."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from types import FrameType, TracebackType
from typing import Any, Self

from app.bench.errors import BenchInvalid
from app.bench.request import Load
from app.bench.step import Step
from app.bench.step_run import Event
from app.bench.tally import Counts
from app.bench.worker import serve_steps

SPARE_SECONDS = 30.0
"""What a process may take beyond its step's own length, on a machine that is busy."""

CLOSE_SECONDS = 5.0
"""How long a process may take to leave."""


def _nothing(*_: object) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told while a step runs: how many requests have ended, and when the measured window opens and closes."""

    progressed: Callable[[int], None] = _nothing
    opened: Callable[[], None] = _nothing
    closed: Callable[[], None] = _nothing


class Fleet:
    """`workers` processes that send one load, from `with` until its end."""

    def __init__(self, load: Load, workers: int = 1) -> None:
        self.was_interrupted = False
        self._load = load
        self._workers = workers
        self._processes: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Self:
        """Start the processes, each a fresh interpreter; Ctrl-C is not for them."""
        context = multiprocessing.get_context("spawn")
        with _on_interrupt(signal.SIG_IGN):
            for number in range(self._workers):
                ours, theirs = context.Pipe()
                process = context.Process(target=serve_steps, args=(theirs, self._load, number), daemon=True)
                process.start()
                theirs.close()
                self._processes[ours] = process
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End them: they leave when their connection closes, or are made to."""
        for connection in self._processes:
            connection.close()
        for process in self._processes.values():
            process.join(CLOSE_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()

    def run(self, step: Step, watch: Watch | None = None) -> Counts:
        """Run one step and add up what the processes counted.

        Ctrl-C ends the step early with what it has, and `was_interrupted` says so. Raises `BenchInvalid` where a
        process died or is not heard of any more.
        """
        shares = dict(zip(self._processes, step.shares(self._workers), strict=False))
        deadline = monotonic() + step.longest_seconds + SPARE_SECONDS
        course = _Course(watch or Watch(), set(shares), deadline)
        for connection, share in shares.items():
            connection.send(share)

        def stop(number: int, frame: FrameType | None) -> None:
            del number, frame
            if not self.was_interrupted:  # once is enough, for the end is near
                self.was_interrupted = True
                course.deadline = monotonic() + SPARE_SECONDS
                for connection in course.pending:
                    with contextlib.suppress(OSError):  # it has died, as will be heard
                        connection.send("stop")

        with _on_interrupt(stop):
            while course.pending:
                self._hear(course)
        return course.counts

    def _hear(self, course: "_Course") -> None:
        """Take what the processes have to say, as soon as one says something."""
        seconds = max(course.deadline - monotonic(), 0.0)
        ready = [one for one in wait(list(course.pending), seconds) if isinstance(one, Connection)]
        if not ready:
            raise BenchInvalid("expected the generator's figures; received nothing in time; is the machine overloaded?")
        for connection in ready:
            try:
                course.take(connection, connection.recv())
            except (EOFError, OSError):
                process = self._processes[connection]
                process.join(CLOSE_SECONDS)
                raise BenchInvalid(f"a generator process ended with exit code {process.exitcode}") from None


@dataclass(slots=True)
class _Course:
    """How far one step has come in its processes."""

    watch: Watch
    pending: set[Connection]
    deadline: float
    counts: Counts = field(default_factory=Counts)
    _ended: dict[Connection, int] = field(default_factory=dict)
    _edges: dict[str, int] = field(default_factory=dict)
    _processes: int = field(init=False)

    def __post_init__(self) -> None:
        self._processes = len(self.pending)

    def take(self, connection: Connection, said: Event | Counts) -> None:
        """One process has said that."""
        if isinstance(said, Counts):
            self.pending = self.pending - {connection}
            self.counts.merge(said)
        elif isinstance(said, int):
            self._ended[connection] = said
            self.watch.progressed(sum(self._ended.values()))
        else:
            self._edge(said)

    def _edge(self, edge: str) -> None:
        """The window opens with the first process and closes with the last."""
        self._edges[edge] = self._edges.get(edge, 0) + 1
        if edge == "opened" and self._edges[edge] == 1:
            self.watch.opened()
        if edge == "closed" and self._edges[edge] == self._processes:
            self.watch.closed()


@contextlib.contextmanager
def _on_interrupt(handler: Any) -> Iterator[None]:
    """Let SIGINT do that for a while; only the main thread may say so, elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
