import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras

from scripts.training.callbacks.plateau import FollowPlateau, reductions
from scripts.training.recipe import PlateauRate


@pytest.mark.parametrize(
    ("losses", "patience", "fallen"),
    [
        ([], 1, 0),
        ([3, 2, 1], 1, 0),
        ([3, 3], 1, 1),
        ([3, 4, 2.5, 2.6, 2.7], 2, 1),
        ([3, 4, 5, 6, 7], 2, 2),
        ([3, 4, 5, 6], 2, 1),
    ],
)
def test_the_rate_falls_whenever_so_many_epochs_were_no_better(losses, patience, fallen):
    assert reductions(losses, patience) == fallen


def test_the_optimiser_follows_also_when_the_run_is_resumed():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.4), "mse")
    follow = FollowPlateau(PlateauRate(kind="plateau", factor=0.5, patience=1), 0.4, [1.0, 2.0])
    follow.set_model(model)
    follow.on_epoch_begin(2)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.2)
    follow.on_epoch_end(2, {"val_loss": 3.0})
    follow.on_epoch_begin(3)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.1)
