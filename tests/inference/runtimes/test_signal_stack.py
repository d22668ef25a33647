"""The stack for signal handlers, before and after a library has set one of its own."""

import ctypes
import mmap
import sys

import pytest

from app.inference.runtimes.signal_stack import SignalStack, kept_signal_stack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the calls are Linux's")

SIZE = 1 << 17


def test_a_stack_that_was_set_meanwhile_is_forgotten() -> None:
    before = SignalStack.current()
    with mmap.mmap(-1, SIZE) as memory:
        with kept_signal_stack():
            start = ctypes.c_char.from_buffer(memory)
            own = SignalStack(address=ctypes.addressof(start), flags=0, size=SIZE)
            assert ctypes.CDLL(None).sigaltstack(ctypes.byref(own), None) == 0
            assert SignalStack.current().address == own.address
        after = SignalStack.current()
        del start
    assert (after.address, after.flags, after.size) == (before.address, before.flags, before.size)


def test_it_is_given_back_after_a_failure_as_well() -> None:
    before = SignalStack.current()
    with pytest.raises(ZeroDivisionError), kept_signal_stack():
        raise ZeroDivisionError
    assert SignalStack.current().address == before.address


def test_elsewhere_than_on_linux_nothing_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(SignalStack, "current", None)
    with kept_signal_stack():
        pass
