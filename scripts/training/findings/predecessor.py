"""A new version beside the one before, on the same test rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import HorngateError
from app.evaluation.difference import Difference, difference_of
from app.evaluation.judged import Judged
from app.inference.runtimes.catalogue import make_runtime
from app.repository.manifest import read_manifest, verify_files
from app.tasks import open_task
from scripts.training.data.types import Dataset
from scripts.training.evaluation import joined, judge


def compared(target: Path, judged: Mapping[str, Judged], datasets: Sequence[Dataset]) -> dict[str, Any] | None:
    """McNemar's test of the version before `target` and the new one, which was `judged`; None where there is none.

    Where the version before cannot be loaded or has other labels, its number and the reason.
    """
    before = _before(target)
    if before is None:
        return None
    try:
        earlier = _judge(before, next(iter(judged.values())).labels, datasets)
    except HorngateError as error:
        return {"version": int(before.name), "failed": str(error)}
    parts = {name: _told(difference_of(earlier[name], part)) for name, part in judged.items()}
    together = difference_of(joined(list(earlier.values())), joined(list(judged.values())))
    accuracy = {name: round(float(part.is_right.mean()), 5) for name, part in earlier.items()}
    return {"version": int(before.name), "accuracy": accuracy, "per_dataset": parts, "together": _told(together)}


def _before(target: Path) -> Path | None:
    """The folder of the highest version below `target`'s."""
    numbers = [int(path.name) for path in target.parent.iterdir() if path.name.isdigit()]
    below = [number for number in numbers if number < int(target.name)]
    return target.parent / str(max(below)) if below else None


def _judge(folder: Path, labels: Sequence[str], datasets: Sequence[Dataset]) -> dict[str, Judged]:
    """What an exported version says of each test part, opened as the server opens it."""
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    if manifest.labels and tuple(manifest.labels) != tuple(labels):
        raise HorngateError(f"it has the labels {list(manifest.labels)}")
    task = open_task(manifest, folder)
    runtime = make_runtime(manifest.plan.runtime if manifest.plan else "onnx", threads=1)
    runtime.load(folder)
    try:
        return {data.name: judge(task, runtime.run, labels, data.test) for data in datasets}
    finally:
        runtime.close()


def _told(difference: Difference) -> dict[str, Any]:
    return {
        "difference": round(difference.value, 5),
        "interval": [round(difference.low, 5), round(difference.high, 5)],
        "only_before_right": difference.only_first,
        "only_now_right": difference.only_second,
        "mcnemar_p": float(np.format_float_scientific(difference.p_value, 3)),
    }
