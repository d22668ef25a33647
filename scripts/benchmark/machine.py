"""Where and when it was measured, and how much of the machine its host gave to others meanwhile."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

STEAL_PERCENT = 5.0
"""Above this share a measurement says more of the neighbours than of the servers."""

PACKAGES = ("onnxruntime", "tokenizers", "numpy", "uvicorn", "uvloop", "fastapi")


class Steal:
    """The host's share of the processors' time since this was made."""

    def __init__(self) -> None:
        self._before = _stolen_and_all()

    def percent(self) -> float:
        """What the host took, in percent of all."""
        stolen, total = (now - before for now, before in zip(_stolen_and_all(), self._before, strict=True))
        return 100 * stolen / max(total, 1)

    def note(self) -> str:
        """A sentence for the reader, who is asked to measure again where the share was large."""
        percent = self.percent()
        return f"Steal {percent:.1f} %{': measure again.' if percent > STEAL_PERCENT else '.'}"


def describe_machine() -> dict[str, str]:
    """Date, processor, system and the versions that matter."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": versions(PACKAGES),
    }


def versions(packages: Sequence[str]) -> str:
    """Names and versions of installed packages."""
    return ", ".join(f"{name} {version(name)}" for name in packages)


def _processor() -> str:
    """What /proc/cpuinfo calls the processor."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _stolen_and_all() -> tuple[int, int]:
    """Jiffies that the machine's host took for others, and all jiffies, since boot."""
    numbers = list(map(int, Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]))
    return numbers[7], sum(numbers[:8])
