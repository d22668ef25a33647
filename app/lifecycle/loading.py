"""From a version folder to a living model: manifest, files, runtimes, task, and only then it counts."""

import math
from contextlib import ExitStack

from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.lifecycle.opening import open_runtimes
from app.lifecycle.served_model import ServedModel
from app.lifecycle.version_files import derive_manifest, read_version
from app.repository.manifest import Manifest
from app.repository.scanner import VersionFolder
from app.tasks import open_task
from app.types import ModelObserver, Signature


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
    pool = Pool(opened.runtimes, inline=running.place == "event loop")
    batcher = Batcher(
        pool,
        signature,
        observer,
        max_batch_rows=running.max_batch_rows,
        max_queue_rows=max_queue_rows,
        largest_cells=_largest_cells(signature, manifest),
    )
    return ServedModel(folder, manifest, signature, task, batcher, pool, observer, running)


def _largest_cells(signature: Signature, manifest: Manifest) -> int:
    """The numbers in a row of the longest text; what is free in other models' rows counts for nothing."""
    free = manifest.text.length if manifest.text else 1
    shapes = [[free if size is None else size for size in spec.shape[1:]] for spec in signature.inputs]
    return sum(map(math.prod, shapes))
