"""CPU time of other processes, from Linux's /proc."""

import contextlib
import os
from pathlib import Path

PROC = Path("/proc")


class ProcessTree:
    """A process and all that descends from it, looked up anew each time."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def exists(self) -> bool:
        """Whether /proc shows the process."""
        return (PROC / str(self.pid) / "stat").exists()

    def cpu_seconds(self) -> dict[int, float]:
        """User and system time so far, by process id."""
        parents: dict[int, int] = {}
        seconds: dict[int, float] = {}
        for folder in PROC.glob("[0-9]*"):
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                pid = int(folder.name)
                parents[pid] = int(fields[1])
                seconds[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return {pid: spent for pid, spent in seconds.items() if self._holds(pid, parents)}

    def _holds(self, pid: int, parents: dict[int, int]) -> bool:
        """Whether the process is this one or descends from it; parents never form a ring, yet the walk is bounded."""
        for _ in parents:
            if pid == self.pid:
                return True
            pid = parents.get(pid, 0)
        return pid == self.pid


class Stopwatch:
    """CPU seconds that a process tree spends between `start` and `stop`; ticks are hundredths of a second."""

    def __init__(self, tree: ProcessTree | None) -> None:
        self.seconds: float | None = None
        self._tree = tree
        self._before: dict[int, float] = {}

    def start(self) -> None:
        """From now on."""
        if self._tree is not None:
            self._before = self._tree.cpu_seconds()

    def stop(self) -> None:
        """Until now; a child that came meanwhile counts whole, one that went does not; None if the process went."""
        now = {} if self._tree is None else self._tree.cpu_seconds()
        if self._tree is not None and self._tree.pid in now:
            self.seconds = sum(spent - self._before.get(pid, 0.0) for pid, spent in now.items())
