"""The bar, on a terminal and elsewhere."""

import io
import sys

from app.cli.calibration.progress import Progress


class Terminal(io.StringIO):
    """A terminal in memory."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Progress() as progress:
        progress.told("timing onnx", 0.5)
    assert sys.stderr.getvalue() == ""


def test_a_terminal_shows_what_is_done_and_how_much_is_over(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress() as progress:
        for what, share in (("loading onnx", 0), ("timing onnx", 0.5), ("timing openvino", 0.4)):
            progress.told(what, share)
    shown = sys.stderr.getvalue()
    assert all(what in shown for what in ("loading onnx", "timing openvino", "50%", "measured", "100%"))


def test_an_error_leaves_the_bar_where_it_stands(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = Progress()
    progress.__enter__()
    progress.told("timing onnx", 0.5)
    progress.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "100%" not in sys.stderr.getvalue()
