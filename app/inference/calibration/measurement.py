"""Measures every runtime that can serve a folder: first whether it agrees with the reference, then how fast it is."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import HorngateError, ModelInvalid
from app.inference.calibration.agreement import TOLERANCE, difference
from app.inference.calibration.choice import Trial
from app.inference.calibration.conditions import AGREEMENT_ROWS, Conditions
from app.inference.calibration.contention import Contention
from app.inference.calibration.contestant import Contestant, batches_of
from app.inference.calibration.result import Calibration, Exclusion
from app.inference.signature import check_signature
from app.repository.manifest import RUNTIMES, RuntimeName
from app.types import Signature, Tensors

LEAST_ROUNDS = 5
LONGEST_SECONDS = 1.0
"""Batches larger than the first that takes so long are not measured: nobody would wait for them."""

REFERENCE: RuntimeName = "tensorflow"


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
