"""The machine: cores and memory for the workers, files, shared memory, the clock."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app.cli.doctor.finding import Finding, ok, problem, warning
from app.cli.doctor.limits import Limits
from app.cli.models.describing import size_text
from app.repository.manifest import MANIFEST

WORKER_BYTES = 256 * 2**20
"""What a worker should have: with the three shipped models two of them take 229 MiB together (README.md)."""

FILES = 4096
SHARED_BYTES = 64 * 2**20
CLOCK_SECONDS = 86_400
LISTING_SECONDS = 30


def check_machine(workers: int, models: Path) -> Iterator[Finding]:
    """Everything but the runtimes."""
    yield ok("python", f"{sys.version.split()[0]} on {sys.platform}")
    limits = Limits()
    yield cores(workers, len(os.sched_getaffinity(0)), limits.cpu_share())
    yield memory(workers, limits.memory_bytes())
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield shared_memory(Path("/dev/shm"))  # noqa: S108  # is looked at, not written to
    yield clock(models, time.time())


def cores(workers: int, count: int, share: float | None) -> Finding:
    """Whether each worker has a core; `share` is how many the container may use."""
    told = f"{count}{'' if share is None else f', of which the container may use {share:.3g}'}; workers: {workers}"
    most = count if share is None else max(min(count, int(share)), 1)
    if workers > most:
        return warning("cores", told, f"start {most} of them: --workers {most}; more only wait for each other")
    return ok("cores", told)


def memory(workers: int, total: int | None) -> Finding:
    """Whether each worker has enough of it."""
    if total is None:
        return warning("memory", "how much there is cannot be read", "look for yourself")
    told = f"{size_text(total)} for {workers} workers"
    if total < workers * WORKER_BYTES:
        fitting = max(total // WORKER_BYTES, 1)
        return warning(
            "memory", told, f"start fewer: --workers {fitting}, or allow {size_text(workers * WORKER_BYTES)}"
        )
    return ok("memory", told)


def open_files(limit: int) -> Finding:
    """Whether there are enough for many connections, each of which is one."""
    if limit != resource.RLIM_INFINITY and limit < FILES:
        return warning(
            "files", f"a process may open {limit:,}", f"allow more, one for each connection: ulimit -n {FILES}"
        )
    return ok("files", f"a process may open {'any number' if limit == resource.RLIM_INFINITY else f'{limit:,}'}")


def shared_memory(place: Path) -> Finding:
    """Whether there is room for tensors on their way to a TensorFlow process."""
    if not place.is_dir():
        return warning("shared memory", f"there is no {place}", "mount it, or TensorFlow's tensors have no way")
    free = shutil.disk_usage(place).free
    if free < SHARED_BYTES:
        advice = "with Docker: --shm-size 256m; TensorFlow's tensors travel through it"
        return warning("shared memory", f"{size_text(free)} are free in {place}", advice)
    return ok("shared memory", f"{size_text(free)} are free in {place}")


def clock(models: Path, now: float) -> Finding:
    """Whether the clock is behind what was written by it."""
    written = [path.stat().st_mtime for path in models.glob(f"*/*/{MANIFEST}")]
    told = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if written and max(written) > now + CLOCK_SECONDS:
        newest = time.strftime("%Y-%m-%d", time.gmtime(max(written)))
        return problem(
            "clock", f"{told}, but a model was written on {newest}", "set the clock: timedatectl set-ntp true"
        )
    return ok("clock", told)


def listed_gpus() -> list[str]:
    """The GPUs that NVIDIA's driver lists; none where there is no driver."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    try:
        ended = subprocess.run(  # noqa: S603  # found on the path
            [command, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=LISTING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.strip() for line in ended.stdout.splitlines() if line.strip()] if ended.returncode == 0 else []
