"""An exported version, measured again from its files alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import ModelInvalid
from app.inference.runtimes.catalogue import make_runtime
from app.repository.manifest import read_manifest, verify_files
from app.tasks import open_task
from scripts.training.data.catalogue import load_datasets
from scripts.training.evaluation import figures_of, judge
from scripts.training.examples import DataUnfit
from scripts.training.report import REPORT


def measure_version(folder: Path, data: Path, names: Sequence[str] = ()) -> dict[str, Any]:
    """The figures of each data set's test split (by default those that the version was trained on).

    Manifest, task and runtime are opened as the server opens them. Raises `ModelInvalid` where the folder is not whole,
    `DataUnfit` where a data set has other labels.
    """
    folder = folder.resolve()
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    task = open_task(manifest, folder)
    if manifest.plan is None:
        raise ModelInvalid(f"expected a plan in {folder}; received none that makes sense; run `horngate calibrate`")
    runtime = make_runtime(manifest.plan.runtime, threads=1)
    runtime.load(folder)
    figures = {}
    wanted = names or _trained_on(folder)
    for name, dataset in zip(wanted, load_datasets(wanted, data), strict=True):
        if manifest.labels != dataset.labels:
            raise DataUnfit(f"expected the labels {list(manifest.labels)}; {name} has {list(dataset.labels)}")
        figures[name] = figures_of(judge(task, runtime.run, dataset.labels, dataset.test))
    runtime.close()
    return figures


def _trained_on(folder: Path) -> list[str]:
    """The names of the data sets, from the version's own report."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        return list(report["recipe"]["datasets"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelInvalid(f"{REPORT} does not tell the data sets ({error!r}); name one with --dataset") from None
