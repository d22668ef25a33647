"""A conversion in a process of its own: TensorFlow's import, memory and crashes stay out of the command."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.conversion.errors import ConversionFailed, SourceInvalid
from app.conversion.result import Converted, Parity
from app.conversion.source import Source
from app.repository.manifest import Tensors

PROGRAM = "app.conversion.child_main"
CONVERSION_SECONDS = 3600.0
"""How long it may take; a model of some GB needs minutes."""


def convert_in_child(source: Source, folder: Path) -> Converted:
    """Convert as `app.conversion.convert` does, in a child process.

    Raises `SourceInvalid` with what is wrong with the source, and `ConversionFailed` where the process ended otherwise.
    """
    # -P: a folder of the user's that is called `app` must not stand for ours.
    command = [sys.executable, "-P", "-m", PROGRAM, str(source.path), source.kind, source.signature, str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=CONVERSION_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ConversionFailed(f"{source.path.name} was not converted within {CONVERSION_SECONDS:g} s") from None
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise ConversionFailed(f"converting {source.path.name} {_ending(done)}")
    answer = json.loads(lines[-1])
    if "error" in answer:
        raise SourceInvalid(answer["error"])
    return _converted(answer)


def _converted(answer: dict[str, Any]) -> Converted:
    """The child's answer as a value."""
    parity = {name: found if isinstance(found, str) else Parity(**found) for name, found in answer["parity"].items()}
    signature = Tensors.model_validate(answer["signature"]).signature()
    return Converted(signature, parity, tuple(answer["probabilities"]))


def _ending(done: subprocess.CompletedProcess[str]) -> str:
    """How the process ended, with the last that it said."""
    if done.returncode == -signal.SIGKILL:
        return "was ended by the system, mostly because memory ran out; convert it on a larger machine"
    told = done.stderr.strip().splitlines() or ["it said nothing"]
    how = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit code {done.returncode}"
    return f"failed ({how}): {told[-1]}"
