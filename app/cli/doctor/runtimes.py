"""The runtimes: which are installed, in which version, and whether each loads and runs a tiny model."""

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.doctor.finding import Finding, ok, problem, warning
from app.inference.runtimes.catalogue import make_runtime
from app.inference.runtimes.onnx import MODEL
from app.repository.manifest import RuntimeName

RUNTIME = "runtime"
TINY = base64.b64decode(
    "CAk6SAoOCgF4CgF4EgF5IgNBZGQSBHRpbnlaFwoBeBISChAIARIMCgYSBHJvd3MKAggCYhcKAXkSEgoQCAESDAoGEgRyb3dzCgIIAkIECgAQEQ=="
)
"""An ONNX model, y = x + x of floats [rows, 2]: what writes such models is not installed everywhere."""

PROBE = "app.cli.doctor.tensorflow_probe"
PROBE_SECONDS = 300
PACKAGES: dict[RuntimeName, str] = {"onnx": "onnxruntime", "openvino": "openvino"}


def check_runtimes() -> Iterator[Finding]:
    """Each runtime of the server's own process."""
    for name, package in PACKAGES.items():
        if find_spec(package) is None:
            advice = "nothing, unless a plan asks for it: pip install 'horngate[openvino]'"
            yield ok(RUNTIME, f"{package} is not installed ({advice})")
        else:
            yield _tried(name, f"{package} {_version(package)}")


def check_tensorflow() -> tuple[dict[str, Any], Finding]:
    """What TensorFlow says of itself, in a process of its own, and whether it runs a tiny model."""
    if find_spec("tensorflow") is None:
        advice = "needed to add Keras models and for SavedModels only: pip install 'horngate[tensorflow]'"
        return {}, ok(RUNTIME, f"tensorflow is not installed ({advice})")
    try:
        ended = subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-m", PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
        told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {}, problem(RUNTIME, f"tensorflow gave no answer within {PROBE_SECONDS} s", "install it again")
    except (ValueError, IndexError):
        reason = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
        return {}, problem(RUNTIME, f"tensorflow cannot be used: {reason[:300]}", "install it again")
    return told, ok(RUNTIME, f"tensorflow {told['version']} saves, loads and runs a tiny model")


def _tried(name: RuntimeName, package: str) -> Finding:
    """Load and run the tiny model."""
    try:
        with tempfile.TemporaryDirectory(prefix="horngate-") as folder:
            (Path(folder) / MODEL).write_bytes(TINY)
            runtime = make_runtime(name, 1)
            try:
                runtime.load(Path(folder))
                given = runtime.run({"x": np.ones((1, 2), np.float32)})["y"]
            finally:
                runtime.close()
    except Exception as error:  # noqa: BLE001  # a broken installation raises anything
        return problem(RUNTIME, f"{package} cannot be used: {error}", "install it again")
    if not np.array_equal(given, [[2, 2]]):
        return problem(RUNTIME, f"{package} gives wrong answers: 1 + 1 is {given.tolist()}", "install it again")
    return ok(RUNTIME, f"{package} loads and runs a tiny model")


def _version(package: str) -> str:
    """The installed version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"


def check_gpu(seen: list[str] | None, listed: list[str]) -> Finding:
    """What the driver has `listed`, and what TensorFlow has `seen` of it; None where it was not asked."""
    if not listed:
        return ok("GPU", "none; models run on the CPU")
    if seen is None:
        return ok("GPU", f"{', '.join(listed)}; TensorFlow, which alone would use it, was not asked")
    if not seen:
        advice = "to use it: pip install 'horngate[gpu]' in place of horngate[tensorflow]"
        return warning("GPU", f"{', '.join(listed)}; TensorFlow does not see it", advice)
    return ok("GPU", f"{', '.join(listed)}; TensorFlow sees {len(seen)}")
