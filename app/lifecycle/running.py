"""How a model really runs, and why that may differ from the plan in its manifest."""

from dataclasses import dataclass
from typing import Literal

from app.inference.calibration.choice import sizing_of
from app.inference.runtimes.catalogue import IN_PROCESS
from app.repository.manifest import Plan, RuntimeName

Place = Literal["event loop", "event loop or thread", "thread", "process"]
"""Where batches run; in either of two places where it depends on a batch's own rows whether it is quick enough."""


@dataclass(frozen=True, slots=True)
class Running:
    """How a model really runs, where its batches run, and `why` that differs from its plan.

    `is_degraded` where the plan asks for what is not possible here; that something else runs stands in the log too.
    """

    runtime: RuntimeName
    threads: int
    instances: int
    max_batch_rows: int
    place: Place
    why: tuple[str, ...] = ()
    is_degraded: bool = False

    @classmethod
    def of(cls, plan: Plan, why: tuple[str, ...] = (), *, is_degraded: bool = False) -> "Running":
        """A plan as it is carried out."""
        return cls(plan.runtime, plan.threads, plan.instances, plan.max_batch_rows, _place(plan), why, is_degraded)


def _place(plan: Plan) -> Place:
    """Where the plan's batches run."""
    if plan.runtime not in IN_PROCESS:
        return "process"
    size = sizing_of(plan).of(1)
    if size.inline_rows >= size.rows:
        return "event loop"
    return "event loop or thread" if size.inline_rows else "thread"
