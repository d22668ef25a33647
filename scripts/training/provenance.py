"""Where a model comes from: commit, machine, libraries, data."""

import os
import platform
import shlex
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

LIBRARIES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "tokenizers", "onnx", "onnxruntime", "tf2onnx")
ROOT = Path(__file__).parents[2]
CODE = ("scripts", "recipes", "app/processing", "app/tasks", "app/inference/runtimes", "app/repository")


def command_of(module: str, arguments: Sequence[str]) -> str:
    """The command as others can repeat it: absolute paths are told relative to the working directory."""
    portable = [os.path.relpath(word) if Path(word).is_absolute() else word for word in arguments]
    return f"python -m {module} {shlex.join(portable)}"


def origin(command: str, device: str) -> dict[str, Any]:
    """What a run begins with: command, code, machine and libraries."""
    return {"command": command, "code": code_version(), "hardware": hardware(device), "libraries": libraries()}


def code_version() -> dict[str, Any]:
    """The commit of the working tree, and the files of the code that differ from it; None outside a repository."""
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", *CODE)
    return {"commit": commit, "changed_files": [line[3:] for line in (changed or "").splitlines()]}


def hardware(device: str) -> dict[str, Any]:
    """Processor, cores, memory in GiB, and the device that trained."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "training_device": device,
        "system": f"{platform.system()} {platform.machine()}",
    }


def libraries() -> dict[str, str]:
    """The versions of what computes, Python's included."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.rstrip()


def _processor() -> str:
    """The processor's name, as Linux tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
