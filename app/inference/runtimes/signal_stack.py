"""A thread's stack for signal handlers, kept as it is while a library is at work that puts its own in its place."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class SignalStack(ctypes.Structure):
    """The kernel's `stack_t`: where the stack lies, whether it is used, its size in bytes."""

    _fields_ = (("address", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))

    @classmethod
    def current(cls) -> "SignalStack":
        """What the thread that asks has now."""
        stack = cls()
        ctypes.CDLL(None).sigaltstack(None, ctypes.byref(stack))
        return stack


@contextmanager
def kept_signal_stack() -> Iterator[None]:
    """Give this thread its stack for signal handlers back in the end; only Linux is asked to.

    OpenVINO sets one of its own on the thread that compiles, and frees it with the model, on whichever thread that is.
    The next signal would then find none: Python's handlers run there, and the process would end.
    """
    if sys.platform != "linux":
        yield
        return
    before = SignalStack.current()
    try:
        yield
    finally:
        ctypes.CDLL(None).sigaltstack(ctypes.byref(before), None)
