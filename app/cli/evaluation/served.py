"""A version opened as the server opens it, to be asked without the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.versions import find_served
from app.errors import ModelInvalid
from app.lifecycle.opening import Opened, open_runtimes
from app.lifecycle.running import Running
from app.lifecycle.version_files import read_version
from app.repository.manifest import Manifest, Plan, RuntimeName
from app.repository.scanner import VersionFolder
from app.tasks import open_task
from app.types import Runtime, Signature, Task

DIGITS = tuple("0123456789")
"""What a digit model answers with, also where its manifest names no labels."""


@dataclass(frozen=True, slots=True)
class Served:
    """A version's task and one loaded instance of its model; `labels` are what it answers with."""

    folder: VersionFolder
    task: Task
    labels: tuple[str, ...]
    is_text: bool
    runtime: Runtime
    signature: Signature
    running: Running

    @property
    def name(self) -> str:
        """The version as users name it."""
        return f"{self.folder.name}/{self.folder.version}"


@contextmanager
def open_served(models: Path, wanted: str, runtime: RuntimeName | None) -> Iterator[Served]:
    """Open the version that is `wanted` on the given runtime, or as its plan says; closed at the end.

    Raises `ModelNotFound` where there is none, `ModelInvalid` where it is broken, cannot run there or has no labels.
    """
    folder = find_served(models, wanted)
    manifest = read_version(folder)
    if manifest is None or manifest.task == "tensor":
        raise ModelInvalid(
            f"expected a model of the task sentiment, topic or digit; {folder.name}/{folder.version} gives tensors, "
            "which no label can be compared with"
        )
    task = open_task(manifest, folder.path)
    opened = open_runtimes(folder, _planned(manifest, runtime), None)
    try:
        _refuse_stand_in(opened, runtime)
        labels = manifest.labels or DIGITS
        is_text = manifest.text is not None
        yield Served(folder, task, labels, is_text, opened.runtimes[0], opened.signature, opened.running)
    finally:
        for instance in opened.runtimes:
            instance.close()


def _planned(manifest: Manifest, runtime: RuntimeName | None) -> Manifest:
    """The manifest with a plan of one instance, on `runtime` where that is given."""
    plan = manifest.plan
    if runtime is not None and (plan is None or plan.runtime != runtime):
        plan = Plan(runtime=runtime, max_batch_rows=plan.max_batch_rows if plan else 32)
    if plan is None:
        return manifest
    return manifest.model_copy(update={"plan": plan.model_copy(update={"instances": 1})})


def _refuse_stand_in(opened: Opened, runtime: RuntimeName | None) -> None:
    """Raise `ModelInvalid` where another runtime than the one asked for had to be taken."""
    if runtime is not None and opened.running.runtime != runtime:
        raise ModelInvalid(f"expected to run on {runtime}; {'; '.join(opened.running.why)}")
