"""What the kernel and the container allow: read from files, of which any may be absent."""

from dataclasses import dataclass
from pathlib import Path

UNLIMITED = 2**60
"""A limit above this is none: version 1 of cgroups has no word for it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the kernel tells; `root` is `/` but in tests."""

    root: Path = Path("/")

    def memory_bytes(self) -> int | None:
        """The memory of the machine, or of the container where that has less; None where nothing tells."""
        found = [value for value in (self._total(), *map(self._number, self._cgroup("memory"))) if value]
        below = [value for value in found if value < UNLIMITED]
        return min(below, default=None)

    def cpu_share(self) -> float | None:
        """How many cores the container may use; None where it may use all."""
        for line in self._cgroup("cpu"):
            quota, _, period = line.partition(" ")
            if self._number(quota) and self._number(period):
                return int(quota) / int(period)
        return None

    def _cgroup(self, resource: str) -> list[str]:
        """The limits in both versions' files."""
        folder = self.root / "sys/fs/cgroup"
        if resource == "memory":
            return [self._read(folder / "memory.max"), self._read(folder / "memory/memory.limit_in_bytes")]
        first = [self._read(folder / f"cpu/cpu.cfs_{part}_us") for part in ("quota", "period")]
        return [self._read(folder / "cpu.max"), " ".join(first)]

    def _total(self) -> int | None:
        """The machine's memory."""
        for line in self._read(self.root / "proc/meminfo").splitlines():
            if line.startswith("MemTotal:"):
                return int(line.split()[1]) * 1024
        return None

    @staticmethod
    def _number(text: str) -> int | None:
        """A number; None for `max`, -1 and nothing."""
        return int(text) if text.isdecimal() else None

    @staticmethod
    def _read(path: Path) -> str:
        """A file's text, empty where it is not there."""
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError:
            return ""
