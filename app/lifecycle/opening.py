"""From a plan to warm runtimes: the manifest's plan where it can be followed, else the first that can stand in."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np

from app.errors import HorngateError, InferenceFailed, ModelInvalid
from app.inference.runtimes.catalogue import SAVED_MODEL, make_runtime
from app.inference.runtimes.onnx import MODEL
from app.inference.signature import check_signature
from app.inference.sizing import Sizing
from app.lifecycle.candidates import CALIBRATE, candidate_plans, fitted, refusal
from app.lifecycle.running import Running
from app.repository.manifest import MANIFEST, Manifest, Plan, RuntimeName
from app.repository.scanner import VersionFolder
from app.types import Array, Runtime, Signature, TensorSpec


@dataclass(frozen=True, slots=True)
class Opened:
    """A model's runtimes, loaded and warm, the signature that they have, and how they run: the plan, and in words."""

    runtimes: Sequence[Runtime]
    signature: Signature
    plan: Plan
    running: Running

    def close(self) -> None:
        """Give everything back, where nothing is to be served."""
        for runtime in self.runtimes:
            runtime.close()


def open_runtimes(folder: VersionFolder, manifest: Manifest | None, slo_p99_ms: float | None) -> Opened:
    """Open the folder as its plan says, or else as it can be, and say why; an adopted folder has no manifest.

    Raises `ModelInvalid`, with the reason of each runtime that was tried, where none can serve the folder.
    """
    failed: list[str] = []
    for candidate in candidate_plans(folder.path, manifest):
        plan, why, is_degraded = fitted(candidate, slo_p99_ms)
        try:
            runtimes, signature = _open(plan, folder, manifest)
        except (HorngateError, OSError) as error:
            failed.append(f"{candidate.runtime}: {error}")
            continue
        is_planned = manifest is None or candidate is manifest.plan
        running = Running.of(plan, (*failed, *why), is_degraded=is_degraded or not is_planned)
        return Opened(runtimes, signature, plan, _explained(running, manifest))
    raise ModelInvalid("; ".join(failed) or f"{SAVED_MODEL} and {MODEL} are missing; export again")


def _explained(running: Running, manifest: Manifest | None) -> Running:
    """The same, with what is to say of a plan that is not there."""
    if manifest is None or manifest.plan is not None:
        return running
    fault = manifest.plan_fault or f"{MANIFEST} has no plan"
    return replace(running, why=(f"{fault}; {CALIBRATE}", *running.why), is_degraded=True)


def _open(plan: Plan, folder: VersionFolder, manifest: Manifest | None) -> tuple[list[Runtime], Signature]:
    """The plan's instances, each loaded, checked against the manifest's promise, and warm; raises `ModelInvalid`."""
    reason = refusal(plan.runtime, folder.path, manifest)
    if reason is not None:
        raise ModelInvalid(reason)
    promised = manifest.signature.signature() if manifest else None
    lengths = _lengths(manifest)
    with ExitStack() as stack:
        runtimes = [make_runtime(plan.runtime, plan.threads) for _ in range(plan.instances)]
        for runtime in runtimes:
            stack.callback(runtime.close)
            signature = runtime.load(folder.path)
            check_signature(promised, signature)
            for length in lengths:
                largest = Sizing(plan.max_batch_rows, lengths[-1] or 1).of(length or 1).rows
                _warm(runtime, signature, _warm_up_rows(plan.runtime, largest), length)
        stack.pop_all()
    return runtimes, signature


def _lengths(manifest: Manifest | None) -> Sequence[int | None]:
    """The sizes that a text's free dimension takes; None where there is no such dimension."""
    text = manifest.text if manifest else None
    return (text.buckets or (text.length,)) if text else (None,)


def _warm_up_rows(name: RuntimeName, largest: int) -> Sequence[int]:
    """The smallest and the largest batch; of a runtime that compiles each size for itself, all that it compiles."""
    if name != "tensorflow-xla":
        return (1, largest)
    return [1 << power for power in range((largest - 1).bit_length() + 1)]


def _warm(runtime: Runtime, signature: Signature, batches: Sequence[int], length: int | None) -> None:
    """Run batches of so many rows, so that no caller pays for what a first run sets up.

    Where strings or free dimensions leave open what a right input is, nothing can be run beforehand.
    """
    shapes = {spec.name: [length if size is None else size for size in spec.shape[1:]] for spec in signature.inputs}
    if any(spec.dtype == "string" or None in shapes[spec.name] for spec in signature.inputs):
        return
    try:
        for rows in batches:
            runtime.run({spec.name: _zeros(spec, (rows, *shapes[spec.name])) for spec in signature.inputs})
    except InferenceFailed as error:
        raise ModelInvalid(f"the model fails on a batch of zeros: {error}") from error


def _zeros(spec: TensorSpec, shape: Sequence[int | None]) -> Array:
    """Zeros of the input's dtype."""
    return np.zeros([size or 0 for size in shape], dtype=spec.dtype)
