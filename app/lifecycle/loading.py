"""From a version folder to a living model: manifest, files, runtimes, task, and only then it counts."""

from contextlib import ExitStack

from app.inference.batcher import Batcher
from app.inference.calibration.choice import sizing_of
from app.inference.calibration.rows import measured_cells
from app.inference.pool import Pool
from app.lifecycle.opening import open_runtimes
from app.lifecycle.served_model import ServedModel
from app.lifecycle.version_files import derive_manifest, read_version
from app.repository.scanner import VersionFolder
from app.tasks import open_task
from app.types import ModelObserver


def load_version(
    folder: VersionFolder, observer: ModelObserver, max_queue_rows: int, slo_p99_ms: float | None = None
) -> ServedModel:
    """Load, check and warm one version; raises `ModelInvalid` and leaves nothing behind where it cannot be served.

    Reads files and runs the model: call it on a thread. A folder that holds only a SavedModel is adopted as it is.
    """
    manifest = read_version(folder)
    opened = open_runtimes(folder, manifest, slo_p99_ms)
    running, signature = opened.running, opened.signature
    with ExitStack() as stack:
        for runtime in opened.runtimes:
            stack.callback(runtime.close)
        manifest = manifest or derive_manifest(folder, signature)
        task = open_task(manifest, folder.path)
        stack.pop_all()
    pool = Pool(opened.runtimes)
    sizing = sizing_of(opened.plan, measured_cells(signature, manifest.text))
    batcher = Batcher(pool, signature, observer, sizing=sizing, max_queue_rows=max_queue_rows)
    return ServedModel(folder, manifest, signature, task, batcher, pool, observer, running)
