import signal
import threading

import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.callbacks.interruption import stop_requests


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_does_what_it_always_did(number):
    came = []
    before = signal.signal(number, lambda *_: came.append("second"))
    try:
        with stop_requests() as asked:
            assert not asked.is_set()
            signal.raise_signal(number)
            assert (asked.is_set(), came) == (True, [])
            signal.raise_signal(number)
            assert came == ["second"]
        assert signal.getsignal(number) is not before
    finally:
        signal.signal(number, before)


def test_where_signals_are_not_heeded_they_do_what_they_always_did():
    came = []
    before = signal.signal(signal.SIGTERM, lambda *_: came.append("usual"))
    try:
        with stop_requests(heeded=False) as asked:
            signal.raise_signal(signal.SIGTERM)
        assert (asked.is_set(), came) == (False, ["usual"])
    finally:
        signal.signal(signal.SIGTERM, before)


def test_outside_the_main_thread_nobody_asks():
    states = []

    def look():
        with stop_requests() as asked:
            states.append(asked.is_set())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert states == [False]
