"""A server under test: started in a process group of its own, so that all its processes can be counted."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

START_SECONDS = 90.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `ready_seconds` is from the start of its process to its first right answer."""

    name: str
    url: str
    group: int
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """User and system time so far of all its processes."""
        ticks = 0
        for proc in self._processes():
            with contextlib.suppress(OSError):
                fields = (proc / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def pss_mib(self) -> list[int]:
        """Proportional set size of each of its processes, in MiB, largest first."""
        sizes = []
        for proc in self._processes():
            with contextlib.suppress(OSError):
                found = re.search(r"^Pss:\s+(\d+)", (proc / "smaps_rollup").read_text(), re.MULTILINE)
                sizes += [int(found[1]) // 1024] if found else []
        return sorted(sizes, reverse=True)

    def _processes(self) -> Iterator[Path]:
        """The /proc folders of the group's processes."""
        for proc in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(proc.name)) == self.group:
                    yield proc


@contextlib.contextmanager
def running(
    name: str, command: Sequence[str], port: int, body: Mapping[str, object], environment: Mapping[str, str]
) -> Iterator[Server]:
    """Start a server, wait until it answers `body` rightly, and end it with the whole group afterwards."""
    url = f"http://127.0.0.1:{port}/predict/sentiment"
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_answers(process, name, url, body)
        yield Server(name, url, process.pid, time.monotonic() - started)
    finally:
        _stop(process)


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def stolen_and_all() -> tuple[int, int]:
    """Jiffies that the machine's host took for others, and all jiffies, since boot."""
    numbers = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]))
    return numbers[7], sum(numbers[:8])


def _wait_until_answers(process: "subprocess.Popen[bytes]", name: str, url: str, body: Mapping[str, object]) -> None:
    """Ask until the first right answer."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.post(url, json=body, timeout=10).status_code == 200:
                return
        time.sleep(0.02)
    raise SystemExit(f"{name} never answered at {url}; start it by hand to see why")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the group to end, then make it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return
