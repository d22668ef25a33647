"""A version opened as the server opens it, to be asked without the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.versions import find_served
from app.errors import ModelInvalid
from app.lifecycle.opening import Opened, open_runtimes
from app.lifecycle.running import Running
from app.lifecycle.version_files import derive_manifest, read_version
from app.processing.mnist import DIGITS
from app.repository.manifest import Manifest, Plan, RuntimeName
from app.repository.scanner import VersionFolder
from app.tasks import open_task
from app.types import Runtime, Signature, Task


@dataclass(frozen=True, slots=True)
class Served:
    """A version's task and one loaded instance of its model."""

    folder: VersionFolder
    manifest: Manifest
    task: Task
    runtime: Runtime
    signature: Signature
    running: Running

    @property
    def labels(self) -> tuple[str, ...]:
        """What it answers with; a digit model also where its manifest names no labels."""
        return self.manifest.labels or (DIGITS if self.manifest.task == "digit" else ())

    @property
    def is_text(self) -> bool:
        """Whether it is asked texts."""
        return self.manifest.text is not None

    @property
    def name(self) -> str:
        """The version as users name it."""
        return f"{self.folder.name}/{self.folder.version}"


@contextmanager
def open_served(
    models: Path, wanted: str, runtime: RuntimeName | None, *, needs_labels: bool = True
) -> Iterator[Served]:
    """Open the version that is `wanted` on the given runtime, or as its plan says; closed at the end.

    Raises `ModelNotFound` where there is none, `ModelInvalid` where it is broken, cannot run there, or `needs_labels`
    and the version has no task that gives some.
    """
    folder = find_served(models, wanted)
    manifest = read_version(folder)
    if needs_labels:
        _refuse_tensors(folder, manifest)
    opened = open_runtimes(folder, None if manifest is None else _planned(manifest, runtime), None)
    try:
        _refuse_stand_in(opened, runtime)
        meant = manifest or derive_manifest(folder, opened.signature)
        task = open_task(meant, folder.path)
        yield Served(folder, meant, task, opened.runtimes[0], opened.signature, opened.running)
    finally:
        opened.close()


def _refuse_tensors(folder: VersionFolder, manifest: Manifest | None) -> None:
    """Raise `ModelInvalid` for a version whose task gives no labels."""
    if manifest is None or manifest.task == "tensor":
        raise ModelInvalid(
            f"expected a model of the task sentiment, topic or digit; {folder.name}/{folder.version} gives tensors, "
            "which no label can be compared with"
        )


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
