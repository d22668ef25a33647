"""The runtimes by the names that a plan uses: how each is made, and why one cannot serve a folder here.

Apart from ONNX Runtime, which every server has, no package is imported before its runtime's `load`.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from app.inference.runtimes.onnx import MODEL, OnnxRuntime
from app.inference.runtimes.openvino import OpenVinoRuntime
from app.inference.runtimes.process import ProcessRuntime
from app.inference.runtimes.signature_def import SAVED_MODEL
from app.repository.manifest import RuntimeName
from app.types import Runtime

__all__ = ["IN_PROCESS", "SAVED_MODEL", "make_runtime", "why_not"]

IN_PROCESS: frozenset[RuntimeName] = frozenset({"onnx", "openvino"})
"""Those that run in the server's own process; the others run in a child."""


@dataclass(frozen=True, slots=True)
class _Needs:
    """What must be there: a package, the extra that brings it, and one of these files."""

    package: str
    extra: str
    files: tuple[str, ...]


_NEEDS: dict[RuntimeName, _Needs] = {
    "onnx": _Needs("onnxruntime", "", (MODEL,)),
    "openvino": _Needs("openvino", "openvino", (MODEL, SAVED_MODEL)),
    "tensorflow": _Needs("tensorflow", "tensorflow", (SAVED_MODEL,)),
    "tensorflow-xla": _Needs("tensorflow", "tensorflow", (SAVED_MODEL,)),
}

_BUILDERS: dict[RuntimeName, str] = {"tensorflow": "SavedModelRuntime", "tensorflow-xla": "compiled_runtime"}


def make_runtime(name: RuntimeName, threads: int) -> Runtime:
    """The runtime of that name on `threads` threads, not loaded yet; ask `why_not` first."""
    if name == "onnx":
        return OnnxRuntime(threads)
    if name == "openvino":
        return OpenVinoRuntime(threads)
    return ProcessRuntime(f"app.inference.runtimes.savedmodel:{_BUILDERS[name]}", threads)


def why_not(name: RuntimeName, folder: Path) -> str | None:
    """Why this runtime cannot serve `folder` here, and what to do about it; None where nothing speaks against it.

    Looks for the package and the model's file and imports nothing; a file that is there may still fail to load.
    """
    needs = _NEEDS[name]
    if importlib.util.find_spec(needs.package) is None:
        return f"{needs.package} is not installed; {_install(needs.extra)}"
    if not any((folder / file).exists() for file in needs.files):
        return f"{' or '.join(needs.files)} is missing from the folder; export again"
    return None


def _install(extra: str) -> str:
    """The commands that bring an extra."""
    name = f"horngate[{extra}]" if extra else "horngate"
    return f"install it with: pip install '{name}'" + (f" (or: make serve EXTRAS={extra})" if extra else "")
