"""A server under test: started in a session of its own, so that all its processes can be counted and ended."""

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.bench.errors import BenchInvalid
from app.bench.request import Body

PROC = Path("/proc")
START_SECONDS = 120.0
STOP_SECONDS = 15.0
ASK_SECONDS = 10.0
ASK_EVERY_SECONDS = 0.02
DEAD_EVERY_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Start:
    """How to start a server: its command, the port that it will listen on, what it must answer to be ready."""

    name: str
    command: Sequence[str]
    port: int
    path: str
    body: Body
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Process:
    """A process as /proc shows it; `started` (in ticks) tells it from a later one of the same id."""

    pid: int
    parent: int
    session: int
    ticks: int
    started: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `ready_seconds` is from the start of its process to its first right answer."""

    name: str
    origin: str
    session: int
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """User and system time so far of all its processes."""
        return sum(process.ticks for process in processes_of(self.session)) / os.sysconf("SC_CLK_TCK")

    def pss_mib(self) -> list[float]:
        """Proportional set size of each of its processes, in MiB, largest first."""
        sizes = []
        for process in processes_of(self.session):
            with contextlib.suppress(OSError):
                found = re.search(
                    r"^Pss:\s+(\d+)", (PROC / str(process.pid) / "smaps_rollup").read_text(), re.MULTILINE
                )
                sizes += [int(found[1]) / 1024] if found else []
        return sorted(sizes, reverse=True)


def processes_of(session: int) -> list[Process]:
    """Every process in the session or below one that is: some servers give their children sessions of their own."""
    every = list(_processes())
    members = {process.pid for process in every if process.session == session}
    while below := {process.pid for process in every if process.parent in members} - members:
        members |= below
    return [process for process in every if process.pid in members]


def _processes() -> Iterator[Process]:
    """All that live."""
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parent, session, user, system, started = (int(fields[place]) for place in (1, 3, 11, 12, 19))
            if fields[0] != "Z":
                yield Process(int(folder.name), parent, session, user + system, started)


@contextlib.contextmanager
def running(start: Start) -> Iterator[Server]:
    """Start a server, wait until it answers with 200, and end every process of its session afterwards.

    Raises `BenchInvalid` where it does not answer.
    """
    origin = f"http://127.0.0.1:{start.port}"
    started = time.monotonic()
    process = subprocess.Popen(
        start.command,
        env={**os.environ, **start.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_answers(process, start, origin)
        yield Server(start.name, origin, process.pid, time.monotonic() - started)
    finally:
        _stop(process)


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _wait_until_answers(process: "subprocess.Popen[bytes]", start: Start, origin: str) -> None:
    """Ask until the first right answer."""
    deadline = time.monotonic() + START_SECONDS
    headers = {"Content-Type": start.body.content_type}
    with httpx.Client(timeout=ASK_SECONDS, trust_env=False) as client:
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if client.post(origin + start.path, content=start.body.content, headers=headers).status_code == 200:
                    return
            time.sleep(ASK_EVERY_SECONDS)
    raise BenchInvalid(
        f"expected {start.name} to answer at {origin}{start.path}; it did not; to see why: {shlex.join(start.command)}"
    )


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the first process to end, then make all of them, and wait until none lives: some leave processes behind."""
    before = processes_of(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    left = {(one.pid, one.started) for one in [*before, *processes_of(process.pid)]}
    deadline = time.monotonic() + STOP_SECONDS
    # A killed process still lives until the kernel has taken it down: whoever counts or measures next must not see it.
    while (alive := [one for one in _processes() if (one.pid, one.started) in left]) and time.monotonic() < deadline:
        for one in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
        time.sleep(DEAD_EVERY_SECONDS)
    process.wait(STOP_SECONDS)
