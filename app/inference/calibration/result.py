"""What a calibration found."""

from dataclasses import dataclass

from app.inference.calibration.choice import Trial
from app.repository.manifest import RuntimeName
from app.types import Signature


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A runtime that was not timed, and why; `difference` is what its answers were off, where that is the reason."""

    runtime: RuntimeName
    reason: str
    difference: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found: the trials in the runtimes' order, what was excluded, and the runtime that all had to agree with.

    `signature` is the reference's; `contention` the share of the timing in which this thread waited for a core, 0 to 1,
    None where nobody counts it.
    """

    reference: RuntimeName
    signature: Signature
    trials: tuple[Trial, ...]
    exclusions: tuple[Exclusion, ...]
    contention: float | None

    @property
    def differing(self) -> list[RuntimeName]:
        """The runtimes whose answers differ."""
        return [exclusion.runtime for exclusion in self.exclusions if exclusion.difference is not None]
