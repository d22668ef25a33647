"""Load from `wrk`: closed loop, so many connections that each ask again as soon as they are answered."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.benchmark.processes import Server

MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured: requests per second, latencies in milliseconds, the server's CPU time per request."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    errors: int


def load(server: Server, body: Mapping[str, object], connections: int, seconds: int) -> Run:
    """Load the server once."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n')
        script.write(f"wrk.body = [==[{json.dumps(body)}]==]\n")
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        before = server.cpu_seconds()
        done = subprocess.run([*command, "-s", script.name, server.url], capture_output=True, text=True, check=True)
        return parse(done.stdout, server.cpu_seconds() - before)


def parse(output: str, cpu_seconds: float) -> Run:
    """Read wrk's report."""
    requests = int(_find(r"(\d+) requests in", output))
    refused = int(_find(r"Non-2xx or 3xx responses: (\d+)", output, "0"))
    broken = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", output)))
    return Run(
        rate=float(_find(r"Requests/sec:\s+([\d.]+)", output)),
        p50_ms=_milliseconds(_find(r"^\s+50%\s+(\S+)", output)),
        p99_ms=_milliseconds(_find(r"^\s+99%\s+(\S+)", output)),
        cpu_us=1e6 * cpu_seconds / max(requests, 1),
        errors=refused + broken,
    )


def require_wrk() -> None:
    """End with a hint where wrk is not installed."""
    if shutil.which("wrk") is None:
        raise SystemExit("the benchmark needs wrk: apt-get install wrk, or brew install wrk")


def _find(pattern: str, output: str, default: str | None = None) -> str:
    """The pattern's first group; ends with wrk's own words where it is missing."""
    found = re.search(pattern, output, re.MULTILINE)
    if found is None and default is None:
        raise SystemExit(f"wrk's report has no {pattern!r}:\n{output}")
    return found[1] if found else str(default)


def _milliseconds(text: str) -> float:
    """`6.43ms`, `657.00us` or `1.26s` in milliseconds."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]  # wrk's own form
    return float(number) * MILLISECONDS[unit]
