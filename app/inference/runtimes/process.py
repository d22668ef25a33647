"""A runtime in a child process: its import, its memory and its crashes stay out of the server."""

import logging
import threading
from pathlib import Path
from time import monotonic

from app.errors import HorngateError, InferenceFailed, ModelInvalid
from app.inference.runtimes.child import Child, ChildDied, start_child
from app.types import Array, Signature, Tensors, rows_of

logger = logging.getLogger(__name__)

LOAD_SECONDS = 300.0
"""How long a child may take to load. TensorFlow needs 5 to 8 s, a model of some GB minutes."""

RUN_SECONDS = 60.0
"""How long a batch may take: twice the default deadline of a request. Nobody waits for a longer one any more."""

SUSPECT_SECONDS = 5.0
"""How long a batch may take that has cost a child already, or may be part of such a one."""

SLOWER = 10
"""A suspect batch may take this many times the slowest answered, where that is more: it may have to compile."""


class ProcessRuntime:
    """Runs the runtime that `builder` (`module:name`) makes with `arguments` in a process of its own.

    A child that dies, or gives no answer for `run_seconds`, is replaced, and its batch runs once more in the new one.
    A batch that costs a second child fails with the cause. Whoever bisects it then costs one child for each part that
    holds the guilty row, for none of them runs again, and hanging parts are given up sooner.
    """

    def __init__(self, builder: str, *arguments: int, run_seconds: float = RUN_SECONDS) -> None:
        self._command = [builder, *map(str, arguments)]
        self._run_seconds = run_seconds
        self._in_use = threading.Lock()
        self._folder: Path | None = None
        self._child: Child | None = None
        self._slowest_seconds = 0.0
        self._suspect_rows = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._child.pid if self._child else None

    def load(self, folder: Path) -> Signature:
        """Start the child and let it load; raises `ModelInvalid` where it cannot, and leaves no child then."""
        with self._in_use:
            self._stop()
            self._folder = folder
            try:
                return self._start(folder)[1]
            except HorngateError as error:
                self._folder = None
                raise ModelInvalid(str(error)) from error

    def run(self, tensors: Tensors) -> dict[str, Array]:
        """Run one batch in the child; raises `InferenceFailed` where it failed, or cost two children."""
        with self._in_use:
            rows = rows_of(tensors)
            is_suspect = self._suspect_rows > 0
            self._suspect_rows = max(self._suspect_rows - rows, 0)
            try:
                return self._run_once(tensors, is_suspect=is_suspect)
            except ChildDied as death:
                if is_suspect or self._folder is None:
                    raise self._cause(death) from death
                logger.warning("a batch runs again in a new process", extra={"fields": {"reason": str(death)}})
            try:
                return self._run_once(tensors, is_suspect=True)
            except ChildDied as death:
                # A bisection runs the rows once in halves, and those of each guilty part once more: twice in all.
                self._suspect_rows = 2 * rows if rows > 1 else 0
                raise self._cause(death) from death

    def close(self) -> None:
        """End the child, by force where a batch still runs in it, which fails."""
        self._folder = None
        child = self._child
        if child is not None and self._in_use.locked():
            child.hang_up()
        with self._in_use:
            self._stop()

    def _run_once(self, tensors: Tensors, *, is_suspect: bool) -> dict[str, Array]:
        """Run the batch in the child, in a new one where there is none; raises `ChildDied` where that ended."""
        if self._folder is None:
            raise InferenceFailed("the runtime is closed")
        child = self._child or self._replace(self._folder)
        begun = monotonic()
        try:
            outputs = child.run(tensors, self._limit_seconds(is_suspect=is_suspect))
        except ChildDied:
            self._child = None
            raise
        self._slowest_seconds = max(self._slowest_seconds, monotonic() - begun)
        return outputs

    def _limit_seconds(self, *, is_suspect: bool) -> float:
        """How long a batch may take; a suspect one less, but long enough for what has been seen."""
        if not is_suspect:
            return self._run_seconds
        return min(self._run_seconds, max(SUSPECT_SECONDS, SLOWER * self._slowest_seconds))

    def _replace(self, folder: Path) -> Child:
        """Load again in a new child; where that fails too, the next batch tries once more."""
        try:
            return self._start(folder)[0]
        except HorngateError as error:
            failure = InferenceFailed(f"the runtime's process cannot be started again: {error}")
            raise self._cause(failure) from error

    def _start(self, folder: Path) -> tuple[Child, Signature]:
        """Load in a new child, and keep it where it can; raises as `Child.load` does."""
        try:
            child = self._child = start_child(self._command)
        except OSError as error:
            raise InferenceFailed(f"the runtime's process cannot be started: {error}") from error
        try:
            # `close` may have found no child to hang up on.
            if self._folder is None:
                raise InferenceFailed("the runtime is closed")
            return child, child.load(folder, LOAD_SECONDS)
        except HorngateError:
            self._child = None
            child.stop(0)
            raise

    def _cause(self, failure: InferenceFailed) -> InferenceFailed:
        """What to tell the caller: a child that ends because the runtime is closed is no failure of the model."""
        return failure if self._folder is not None else InferenceFailed("the runtime is closed")

    def _stop(self) -> None:
        """End the child, where there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.stop()
