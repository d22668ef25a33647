"""The bar."""

import io
import sys

import pytest

from app.bench.progress import Progress


class Terminal(io.StringIO):
    """A terminal that remembers."""

    def isatty(self):
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    """Puts a terminal in the place of standard error, from within the test: pytest's capture changes it before."""

    def put(terminal):
        monkeypatch.setattr(sys, "stderr", terminal)
        return terminal

    return put


def test_on_a_terminal_the_bar_names_the_step_and_fills_as_steps_end(on_terminal, step_of):
    terminal = on_terminal(Terminal())
    steps = [step_of(8, seconds=3.0), step_of(rate=500.0, seconds=1.0)]
    with Progress(steps) as progress:
        progress.begin(steps[0])
        progress.progressed(1234)
        progress.end()
        progress.begin(steps[1])
        progress.progressed(5)
        progress.end()
    shown = terminal.getvalue()
    assert "8 connections" in shown
    assert "500/s" in shown
    assert "75%" in shown
    assert "100%" in shown


def test_elsewhere_there_is_none(on_terminal, step_of):
    pipe = on_terminal(io.StringIO())
    with Progress([step_of()]) as progress:
        progress.begin(step_of())
        progress.progressed(1)
        progress.end()
    assert pipe.getvalue() == ""


def test_what_comes_before_the_first_step_is_not_shown(on_terminal, step_of):
    terminal = on_terminal(Terminal())
    with Progress([step_of()]) as progress:
        progress.progressed(7)
        progress.end()
    assert "7 requests" not in terminal.getvalue()
