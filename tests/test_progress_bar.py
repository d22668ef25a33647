"""The bar, on a terminal and elsewhere."""

import io
import sys

import pytest

from app.progress_bar import ProgressBar


class Terminal(io.StringIO):
    """A terminal in memory."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_what_is_done_and_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with ProgressBar(10, show_pos=True, item_show_func=lambda note: note or "") as bar:
        bar.name("sentiment/1")
        bar.move_to(4, "four")
        bar.move_to(10)
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert all(part in shown for part in ("sentiment/1", "4/10", "four", "10/10"))


def test_it_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with ProgressBar(10, show_pos=True) as bar:
        bar.move_to(6)
        bar.move_to(3)
    assert "3/10" not in sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with ProgressBar(10) as bar:
        bar.name("sentiment/1")
        bar.move_to(10)
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]
