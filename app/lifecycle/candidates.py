"""Which plans to try, in order: the manifest's own, then what can stand in for it."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.inference.calibration.choice import batch_bound, rows_within
from app.inference.runtimes.catalogue import SAVED_MODEL, why_not
from app.inference.runtimes.onnx import MODEL
from app.lifecycle.version_files import not_vouched_for
from app.repository.manifest import Manifest, Plan, RuntimeName

STAND_INS: tuple[RuntimeName, ...] = ("openvino", "onnx", "tensorflow")
"""Tried in this order where there is no plan, or it cannot be followed: OpenVINO reads `model.onnx`, and the SavedModel
where there is none; TensorFlow, a process of 500 MiB, comes last. XLA, whose compiling nobody measured, never."""

UNMEASURED_ROWS = 32
"""The largest batch where nobody measured: enough to be worth it, small enough to end soon."""

CALIBRATE = "run `horngate calibrate`"


def candidate_plans(folder: Path, manifest: Manifest | None) -> Iterator[Plan]:
    """The manifest's plan, then one for each runtime that may stand in, for which nothing was measured.

    A runtime that gave other answers in the calibration never stands in, nor one that finds no file in the folder.
    """
    plan = manifest.plan if manifest else None
    if plan is not None:
        yield plan
    rows = min(plan.max_batch_rows, UNMEASURED_ROWS) if plan else UNMEASURED_ROWS
    excluded: set[RuntimeName] = {plan.runtime, *plan.differing} if plan else set()
    for name in STAND_INS:
        if name not in excluded and (folder / _model_file(name, folder)).exists():
            yield Plan(runtime=name, max_batch_rows=rows)


def refusal(name: RuntimeName, folder: Path, manifest: Manifest | None) -> str | None:
    """Why this runtime cannot even be tried on the folder here; None where it can."""
    reason = why_not(name, folder)
    if reason is None and manifest is not None and (file := _model_file(name, folder)) not in manifest.files:
        return not_vouched_for(file)
    return reason


def fitted(plan: Plan, slo_p99_ms: float | None) -> tuple[Plan, tuple[str, ...], bool]:
    """The plan on this machine under this service level, why it changed, and whether that is worth a warning."""
    why: list[str] = []
    cores = len(os.sched_getaffinity(0))
    is_degraded = plan.threads > cores
    if is_degraded:
        why.append(f"the plan asks for {plan.threads} threads; the machine has {cores} cores; {CALIBRATE} here")
        plan = plan.model_copy(update={"threads": cores, "batch_seconds": {}})
    if slo_p99_ms is None:
        return plan, tuple(why), is_degraded
    rows = rows_within(plan, slo_p99_ms / 1000)
    if not plan.batch_seconds:
        why.append(f"slo_p99_ms is {slo_p99_ms:g}, but the batches were not measured; {CALIBRATE}")
    elif rows is None:
        bound_ms = 1000 * batch_bound(slo_p99_ms / 1000)
        least = min(plan.batch_seconds)
        took = f"a batch of {least} takes {1000 * plan.batch_seconds[least]:.3g} ms"
        why.append(f"slo_p99_ms {slo_p99_ms:g} leaves {bound_ms:.3g} ms for a batch, but {took}; rows run one by one")
    elif rows < plan.max_batch_rows:
        why.append(f"slo_p99_ms {slo_p99_ms:g} bounds the batch to {rows} rows; the plan has {plan.max_batch_rows}")
    is_degraded = is_degraded or rows is None
    if plan.batch_seconds:
        plan = plan.model_copy(update={"max_batch_rows": rows or 1})
    return plan, tuple(why), is_degraded


def _model_file(name: RuntimeName, folder: Path) -> str:
    """The file that this runtime reads there."""
    reads_onnx = name == "onnx" or (name == "openvino" and (folder / MODEL).exists())
    return MODEL if reads_onnx else SAVED_MODEL
