"""The peers' virtual environments: each peer in one of its own, made on first use."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from app.bench.errors import BenchInvalid

SHARED = ("onnxruntime", "tokenizers")
"""What every peer has in the very version that Horngate runs on, so that only the server differs."""

LOOK = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
INSTALL_SECONDS = 900


def open_environment(folder: Path, packages: Sequence[str]) -> Path:
    """The folder of an environment's programs, which holds `packages` (pinned) and ours; made or mended where needed.

    Raises `BenchInvalid` where the packages cannot be installed.
    """
    programs = folder.absolute() / "bin"
    wanted = [*packages, *(f"{name}=={version(name)}" for name in SHARED)]
    if not _holds(programs / "python", wanted):
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check", *wanted])
    return programs


def _holds(python: Path, wanted: Sequence[str]) -> bool:
    """Whether the environment is there and has these versions."""
    if not python.exists():
        return False
    pins = [pin.partition("==") for pin in wanted]
    names = [name.partition("[")[0] for name, _, _ in pins]
    looked = subprocess.run([python, "-c", LOOK, *names], capture_output=True, text=True, check=False)
    return looked.returncode == 0 and looked.stdout.split() == [pinned for _, _, pinned in pins]


def _run(command: Sequence[str]) -> None:
    """Run it to its end; raises `BenchInvalid` with what it said last."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchInvalid(f"{command[0]} could not be run: {error}") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BenchInvalid(f"{' '.join(command)} failed: {said[-1] if said else f'exit code {done.returncode}'}")
