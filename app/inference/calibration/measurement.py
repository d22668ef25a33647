"""Measures every runtime that can serve a folder: first whether it agrees with the reference, then how fast it is."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from app.errors import HorngateError, ModelInvalid
from app.inference.calibration.agreement import TOLERANCE, difference
from app.inference.calibration.choice import Trial
from app.inference.calibration.contention import Contention
from app.inference.calibration.contestant import Contestant, batches_of
from app.inference.runtimes.catalogue import make_runtime, why_not
from app.inference.signature import check_signature
from app.repository.manifest import RuntimeName
from app.types import Runtime, Signature, Tensors

RUNTIMES: tuple[RuntimeName, ...] = get_args(RuntimeName)
LEAST_ROUNDS = 5
LONGEST_SECONDS = 1.0
"""Batches larger than the first that takes so long are not measured: nobody would wait for them."""

AGREEMENT_ROWS = 64
REFERENCE: RuntimeName = "tensorflow"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is measured: each of `runtimes` on each of `threads`, in batches of each of `batches` rows, the pair for so
    many `seconds` in all.

    `make` is how a runtime of that name is made on so many threads, `refusal` why it cannot be, as the catalogue says.
    """

    runtimes: tuple[RuntimeName, ...] = RUNTIMES
    threads: tuple[int, ...] = (1,)
    batches: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
    seconds: float = 3.0
    make: Callable[[RuntimeName, int], Runtime] = make_runtime
    refusal: Callable[[RuntimeName, Path], str | None] = why_not

    @property
    def rows(self) -> int:
        """How many rows are needed."""
        return max(*self.batches, AGREEMENT_ROWS)


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


@dataclass
class Measurement:
    """One calibration under way; `told` hears what happens now and how much of it all is done, from 0 to 1."""

    folder: Path
    promised: Signature | None
    conditions: Conditions
    told: Callable[[str, float], None] = lambda _what, _share: None
    _contestants: list[Contestant] = field(default_factory=list, init=False)
    _exclusions: list[Exclusion] = field(default_factory=list, init=False)

    def run(self, present: RuntimeName | None, rows_for: Callable[[Signature], Tensors]) -> Calibration:
        """Measure; `rows_for` gives `conditions.rows` rows for the reference's signature.

        The reference is TensorFlow where it can serve the folder, else the `present` plan's runtime, else the first
        that can. Raises `ModelInvalid` where no runtime can, or the reference fails on the rows. Closes what it opens.
        """
        with ExitStack() as stack:
            first, *further = self.conditions.threads
            for name in self.conditions.runtimes:
                self._open(stack, name, first)
            reference = self._reference(present)
            rows = rows_for(reference.signature)
            differences = self._compare(reference, rows)
            for name, threads in [(name, threads) for name in differences for threads in further]:
                self._open(stack, name, threads)
            contention = self._time(rows)
            trials = [
                Trial(one.name, one.threads, differences[one.name], one.medians())
                for one in sorted(self._contestants, key=lambda one: (RUNTIMES.index(one.name), one.threads))
            ]
        if not trials:
            raise ModelInvalid(f"no runtime can run it: {_listed(self._exclusions)}")
        return Calibration(reference.name, reference.signature, tuple(trials), tuple(self._exclusions), contention)

    def _open(self, stack: ExitStack, name: RuntimeName, threads: int) -> None:
        """Load one runtime, or note why not."""
        self.told(f"loading {name}", 0)
        reason = self.conditions.refusal(name, self.folder)
        if reason is not None:
            self._exclusions.append(Exclusion(name, reason))
            return
        runtime = self.conditions.make(name, threads)
        stack.callback(runtime.close)
        try:
            signature = runtime.load(self.folder)
            check_signature(self.promised, signature)
        except (HorngateError, OSError) as error:
            self._exclusions.append(Exclusion(name, str(error)))
        else:
            self._contestants.append(Contestant(name, threads, runtime, signature))

    def _reference(self, present: RuntimeName | None) -> Contestant:
        """The runtime that the others have to agree with."""
        by_name = {one.name: one for one in self._contestants}
        if not by_name:
            raise ModelInvalid(f"no runtime can run it: {_listed(self._exclusions)}")
        first = next(iter(by_name.values()))
        return by_name.get(REFERENCE) or (by_name.get(present) if present else None) or first

    def _compare(self, reference: Contestant, rows: Tensors) -> dict[RuntimeName, float]:
        """How far each runtime that agrees is from the reference; those that differ or fail are out."""
        rows = batches_of(rows, [AGREEMENT_ROWS])[AGREEMENT_ROWS]
        try:
            expected = reference.answer(rows)
        except HorngateError as error:
            raise ModelInvalid(f"{reference.name} fails on rows of the signature: {error}") from error
        differences: dict[RuntimeName, float] = {}
        for one in list(self._contestants):
            self.told(f"comparing {one.name}", 0)
            try:
                distance = difference(expected, one.answer(rows))
            except HorngateError as error:
                self._exclude(one, str(error))
                continue
            if distance <= TOLERANCE:
                differences[one.name] = distance
            else:
                told = f"its answers differ from {reference.name}'s by {distance:.2g}; at most {TOLERANCE:g} is allowed"
                self._exclude(one, told, distance)
        return differences

    def _time(self, rows: Tensors) -> float | None:
        """Time all, in turns, so that whatever else the machine does for a while touches all of them alike.

        Gives the share of that time in which another process had the core.
        """
        batches = batches_of(rows, self.conditions.batches)
        for one in list(self._contestants):
            self.told(f"warming {one.name}", 0)
            self._each([one], lambda contestant: contestant.warm(batches, LONGEST_SECONDS))
        whole = self.conditions.seconds * len(self._contestants)
        contention, started, rounds = Contention(), time.monotonic(), 0
        while self._contestants and (rounds < LEAST_ROUNDS or time.monotonic() - started < whole):
            self.told("timing all in turns", min((time.monotonic() - started) / whole, 1.0))
            self._each(self._contestants, lambda one: one.take_turn(batches))
            rounds += 1
        return contention.share()

    def _each(self, contestants: Sequence[Contestant], step: Callable[[Contestant], None]) -> None:
        """Let each of them do a step; one that fails is out."""
        for one in list(contestants):
            try:
                step(one)
            except HorngateError as error:
                self._exclude(one, str(error))

    def _exclude(self, contestant: Contestant, reason: str, distance: float | None = None) -> None:
        """Take one out, and say why."""
        self._contestants.remove(contestant)
        self._exclusions.append(Exclusion(contestant.name, reason, distance))


def _listed(exclusions: Sequence[Exclusion]) -> str:
    """Every reason, by runtime."""
    return "; ".join(f"{exclusion.runtime}: {exclusion.reason}" for exclusion in exclusions)
