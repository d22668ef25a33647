import io
import logging

import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.callbacks.telling import TellEpochs, told
from scripts.training.progress import Progress
from scripts.training.recipe import read_recipe


def test_a_line_says_where_the_training_is_how_fast_and_how_long_it_takes_at_most(caplog):
    telling = TellEpochs(rows=100, epochs=3)
    with caplog.at_level(logging.INFO):
        telling.on_epoch_begin(0)
        telling.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.25})
    (line,) = caplog.messages
    assert line.startswith("epoch 1 of 3: loss 0.5000, val_loss 0.2500; ")
    assert "rows/s, at most 0:00:0" in line


class Screen(io.StringIO):
    """A terminal that remembers."""

    def isatty(self):
        return True


def test_a_bar_shows_the_epoch_the_steps_that_are_left_the_loss_and_the_validation_before(recipe_file, monkeypatch):
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with told(read_recipe(recipe_file(epochs=3)), Progress(({},), steps=4), steps=10, rows=16) as moving:
        moving.on_epoch_begin(1)
        moving.on_train_batch_end(0, {"loss": 0.5})
        moving.on_epoch_end(1, {"loss": 0.5, "val_loss": 0.25})
        moving.on_epoch_begin(2)
        moving.on_train_batch_end(0, {"loss": 0.125})
    shown = screen.getvalue()
    assert "epoch 2 of 3" in shown
    assert "1/16" in shown
    assert "loss 0.5000" in shown
    assert "loss 0.1250, before: val_loss 0.2500" in shown


def test_what_is_no_terminal_gets_lines(recipe_file, monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with told(read_recipe(recipe_file()), Progress(), steps=4, rows=16) as telling:
        assert isinstance(telling, TellEpochs)
