import io
import sys

import pytest

from app.cli.evaluation.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_many_rows_are_done(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress("sentiment/1", 10) as progress:
        progress.did(4)
        progress.did(6)
    shown = sys.stderr.getvalue()
    assert "sentiment/1" in shown
    assert "4/10" in shown
    assert "10/10" in shown


def test_a_log_shows_nothing(capsys):
    with Progress("sentiment/1", 10) as progress:
        progress.did(10)
    assert capsys.readouterr().err == ""


def test_what_is_raised_inside_goes_on(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(KeyboardInterrupt), Progress("sentiment/1", 10):
        raise KeyboardInterrupt
