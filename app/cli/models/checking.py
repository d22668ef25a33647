"""Whether versions are still what their manifests say: the hashes, the signature, and the same answers everywhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.calibration.session import Outcome, run_calibration
from app.cli.models.describing import parity_text
from app.cli.models.listing import list_models
from app.cli.versions import find_served
from app.errors import HorngateError
from app.inference.calibration.conditions import AGREEMENT_ROWS, Conditions
from app.repository.manifest import RuntimeName

CONDITIONS = Conditions(batches=(1,), seconds=0.001)
"""Every installed runtime answers the rows; how fast is not the question."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One version: how far each runtime is from the first, why others did not run, and what is wrong."""

    name: str
    differences: Mapping[RuntimeName, float]
    left_out: Mapping[RuntimeName, str]
    problems: tuple[str, ...]


def check_models(models: Path, wanted: str | None) -> list[Checked]:
    """Check the version that is `wanted`, or all; raises `HorngateError` where there is none."""
    if wanted is not None:
        folder = find_served(models, wanted)
        return [_check(folder.path.parent.parent, f"{folder.name}/{folder.version}")]
    return [_check(models, f"{one.name}/{one.version}") for one in list_models(models).versions]


def to_json(checked: list[Checked]) -> str:
    """The result as indented JSON."""
    told: list[dict[str, Any]] = [
        {
            "model": one.name,
            "differences": dict(one.differences),
            "left_out": dict(one.left_out),
            "problems": list(one.problems),
        }
        for one in checked
    ]
    return json.dumps(told, indent=2, ensure_ascii=False)


def report_text(checked: list[Checked]) -> str:
    """The result, version by version."""
    return "\n".join(line for one in checked for line in _lines(one))


def _lines(one: Checked) -> Iterator[str]:
    yield f"{one.name}: {'broken' if one.problems else 'as its manifest says'}"
    for name, difference in one.differences.items():
        yield f"  {name} {parity_text(difference, AGREEMENT_ROWS)}"
    for name, reason in one.left_out.items():
        yield f"  {name} left out: {' '.join(reason.split())}"
    for problem in one.problems:
        yield f"  problem: {problem}"


def _check(models: Path, name: str) -> Checked:
    """Hash the files, and let every installed runtime answer the same rows."""
    try:
        outcome = run_calibration(models, name, CONDITIONS, is_dry=True)
    except HorngateError as error:
        return Checked(name, {}, {}, (str(error),))
    found = outcome.calibration
    differences = {trial.runtime: trial.difference for trial in found.trials}
    left_out = {one.runtime: one.reason for one in found.exclusions}
    return Checked(name, differences, left_out, tuple(_problems(outcome)))


def _problems(outcome: Outcome) -> Iterator[str]:
    """A plan that cannot be followed here, and a runtime that would stand in for it with other answers."""
    plan = outcome.before
    for one in outcome.calibration.exclusions:
        if plan is not None and one.runtime == plan.runtime:
            yield f"the plan asks for {one.runtime}: {one.reason}"
        elif one.difference is not None and (plan is None or one.runtime not in plan.differing):
            yield f"{one.runtime} may stand in for the plan, but {one.reason}; run horngate calibrate {outcome.name}"
