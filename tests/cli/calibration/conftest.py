"""Calibrations as they could have come out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.calibration.session import Outcome
from app.inference.calibration.choice import Trial, choose_plan
from app.inference.calibration.conditions import Conditions
from app.inference.calibration.result import Calibration, Exclusion
from app.repository.manifest import Plan
from app.repository.scanner import VersionFolder
from app.types import Signature, TensorSpec

SIGNATURE = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("y", "float32", (None,)),))


@pytest.fixture
def outcome_of() -> Callable[..., Outcome]:
    """Makes an outcome of two runtimes, one of which lacks the largest batch, and two that were left out."""

    def make(contention: float | None = 0.0, slo_p99_ms: float | None = None, **changes: object) -> Outcome:
        trials = (
            Trial("onnx", 1, 2.5e-7, {1: 0.001, 8: 0.004, 64: 0.04}),
            Trial("tensorflow", 1, 0.0, {1: 0.01, 8: 0.5}),
        )
        exclusions = (
            Exclusion("openvino", "its answers differ", float("inf")),
            Exclusion("tensorflow-xla", "it cannot be compiled"),
        )
        found = Calibration("tensorflow", SIGNATURE, trials, exclusions, contention)
        plan = choose_plan(trials, slo_p99_ms / 1000 if slo_p99_ms else None, found.differing)
        fields = {
            "folder": VersionFolder("net", 3, Path("models/net/3")),
            "conditions": Conditions(),
            "calibration": found,
            "rows": "random x float32 [2]",
            "before": Plan(runtime="onnx", max_batch_rows=16),
            "plan": plan,
            "slo_p99_ms": slo_p99_ms,
            "is_written": True,
        }
        return Outcome(**fields | changes)

    return make
