import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.progress import Progress, read_progress, write_progress


def with_losses(*losses):
    return Progress(epochs=tuple({"val_loss": loss} for loss in losses))


def test_what_is_written_is_read_again(tmp_path):
    progress = Progress(({"val_loss": 0.5},), (2.0,), (1.5,), "epoch_001_step_000003.npz", 3, 0.25)
    write_progress(tmp_path, progress)
    assert read_progress(tmp_path) == progress


def test_nothing_has_been_reached_where_nothing_was_saved(tmp_path):
    assert read_progress(tmp_path) == Progress()
    assert Progress().pace(100) == {}


def test_the_best_epoch_is_the_first_of_the_lowest_loss_and_patience_counts_from_it():
    progress = with_losses(3, 1, 2, 1)
    assert (Progress().best_epoch, progress.best_epoch) == (0, 2)
    assert (progress.has_stalled(3), progress.has_stalled(2)) == (False, True)


def test_the_pace_is_that_of_the_middle_epoch_and_counts_steps_alone():
    progress = Progress(({}, {}, {}), epoch_seconds=(9.0, 3.0, 4.0), learning_seconds=(8.0, 2.0, 2.5), step_seconds=0.5)
    assert progress.pace(100) == {"seconds_per_epoch": 4.0, "examples_per_second": 40.0}
    assert progress.seconds == 16.5
