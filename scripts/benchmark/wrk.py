"""Closed-loop load by wrk, a generator in C that is neither ours nor any peer's and takes little of the processor."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bench.errors import BenchInvalid
from app.bench.request import Body
from scripts.benchmark.processes import Server

TIMEOUT_SECONDS = 10
MARK = "figures:"
SCRIPT = """\
wrk.method = "POST"
{headers}
local bodies = {{}}
for number = 1, {count} do
  local file = io.open("{folder}/" .. number, "rb")
  bodies[number] = file:read("*a")
  file:close()
end
wrk.body = bodies[1]
if #bodies > 1 then
  local messages, turn = {{}}, 0
  request = function()
    turn = turn % #bodies + 1
    messages[turn] = messages[turn] or wrk.format(nil, nil, nil, bodies[turn])
    return messages[turn]
  end
end
done = function(summary, latency, requests)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("{mark} %d %d %d %d %d\\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad))
end
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: answers per second, latencies in milliseconds, the server's CPU time per answer, and what failed.

    `errors` are answers of 400 and above, broken connections and timeouts; with any the other figures say nothing. A
    run in which nothing was answered is an error, too.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    errors: int


def run_wrk(
    server: Server,
    path: str,
    bodies: Sequence[Body],
    connections: int,
    seconds: float,
    *,
    headers: Mapping[str, str] | None = None,
) -> Run:
    """Load the server once, the bodies in turn; raises `BenchInvalid` where wrk is missing or fails.

    `headers` go with every request.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = _write_script(Path(folder), bodies, headers or {})
        command = [_program(), "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s"]
        before = server.cpu_seconds()
        done = subprocess.run(
            [*command, "--timeout", f"{TIMEOUT_SECONDS}s", "-s", str(script), server.origin + path],
            capture_output=True,
            text=True,
            check=False,
        )
        spent = server.cpu_seconds() - before
    if done.returncode != 0 or MARK not in done.stdout:
        raise BenchInvalid(f"wrk failed on {server.name}: {(done.stderr or done.stdout).strip()}")
    return read_figures(done.stdout, spent)


def read_figures(output: str, cpu_seconds: float) -> Run:
    """The line that our script makes wrk print: requests, then microseconds of the run, p50 and p99, then failures."""
    line = next(line for line in output.splitlines() if line.startswith(MARK))
    requests, duration, p50, p99, errors = map(int, line.removeprefix(MARK).split())
    rate = 1e6 * requests / duration if duration else 0.0
    return Run(rate, p50 / 1e3, p99 / 1e3, 1e6 * cpu_seconds / max(requests, 1), errors or int(not requests))


def _write_script(folder: Path, bodies: Sequence[Body], headers: Mapping[str, str]) -> Path:
    """The bodies as files and the script that sends them; returns the script."""
    for number, body in enumerate(bodies, 1):
        (folder / str(number)).write_bytes(body.content)
    script = folder / "post.lua"
    named = {"Content-Type": bodies[0].content_type, **headers}
    lines = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in named.items())
    text = SCRIPT.format(headers=lines, count=len(bodies), folder=folder, mark=MARK)
    script.write_text(text, encoding="utf-8")
    return script


def _program() -> str:
    """Where wrk is; raises `BenchInvalid` where it is not."""
    program = shutil.which("wrk")
    if program is None:
        raise BenchInvalid("expected wrk, the load generator, on the PATH; on Debian: apt-get install wrk")
    return program
