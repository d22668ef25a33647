"""An alarm clock finer than the event loop's, whose timers are whole milliseconds: Linux's timerfd."""

import asyncio
import contextlib
import ctypes
import os
import time
from collections.abc import Callable

CLOCK_MONOTONIC = 1
ABSOLUTE = 1
NANOSECONDS = 1_000_000_000


class Pacer:
    """Calls `due` at the time that was set last, on the monotonic clock; exact to some microseconds on Linux."""

    def __init__(self, loop: asyncio.AbstractEventLoop, due: Callable[[], None]) -> None:
        self._loop = loop
        self._due = due
        self._system = ctypes.CDLL(None)
        self._descriptor = -1
        self._timer: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Take a timer from the system, where it has such; else the event loop's serve."""
        create = getattr(self._system, "timerfd_create", None)
        self._descriptor = -1 if create is None else create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor >= 0:
            self._loop.add_reader(self._descriptor, self._ring)

    def close(self) -> None:
        """Give it back; nothing is called any more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def wake_at(self, due: float) -> None:
        """Call at that time, or at once where it has passed; what was set before is forgotten."""
        if self._descriptor >= 0:
            whole, rest = divmod(round(due * NANOSECONDS), NANOSECONDS)
            setting = (ctypes.c_long * 4)(0, 0, whole, rest)  # itimerspec: no interval, then the time
            self._system.timerfd_settime(self._descriptor, ABSOLUTE, ctypes.byref(setting), None)
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(max(due - time.monotonic(), 0.0), self._due)

    def _ring(self) -> None:
        """The timer has run out; set again in the meantime, it has nothing to read."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._descriptor, 8)
            self._due()
