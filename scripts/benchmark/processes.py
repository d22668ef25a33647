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
class Server:
    """A running server; `ready_seconds` is from the start of its process to its first right answer."""

    name: str
    origin: str
    session: int
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """User and system time so far of all its processes."""
        ticks = sum(int(fields[11]) + int(fields[12]) for _, fields in processes_of(self.session))
        return ticks / os.sysconf("SC_CLK_TCK")

    def pss_mib(self) -> list[float]:
        """Proportional set size of each of its processes, in MiB, largest first."""
        sizes = []
        for pid, _ in processes_of(self.session):
            with contextlib.suppress(OSError):
                found = re.search(r"^Pss:\s+(\d+)", (PROC / str(pid) / "smaps_rollup").read_text(), re.MULTILINE)
                sizes += [int(found[1]) / 1024] if found else []
        return sorted(sizes, reverse=True)


def processes_of(session: int) -> Iterator[tuple[int, list[str]]]:
    """Process id and the fields of `stat` from the third on, of every process in the session."""
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                yield int(folder.name), fields


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
    """Ask the first process to end, then make the whole session: some servers leave processes behind."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    for pid, _ in processes_of(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)
