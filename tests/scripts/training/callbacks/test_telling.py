import io
import logging

import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from rich.console import Console
from rich.progress import Progress as Bars

from scripts.training.callbacks.telling import ShowBars, TellEpochs, told
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


def test_bars_count_the_steps_of_the_epoch_and_of_all_epochs():
    screen = io.StringIO()
    with Bars(console=Console(file=screen, force_terminal=True)) as bars:
        showing = ShowBars(bars, steps=10, epochs=2, done=13)
        showing.on_epoch_begin(1)
        showing.on_train_batch_end(3, {"loss": 0.5})
        assert [(task.description, task.completed, task.total) for task in bars.tasks] == [
            ("epoch 2: loss 0.5000", 4, 10),
            ("all epochs", 14, 20),
        ]


@pytest.mark.parametrize(("is_terminal", "kind"), [(True, ShowBars), (False, TellEpochs)])
def test_a_terminal_gets_bars_and_a_file_lines(recipe_file, monkeypatch, is_terminal, kind):
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    with told(read_recipe(recipe_file()), Progress(), steps=4, rows=16) as telling:
        assert isinstance(telling, kind)
