"""A learning rate that falls when the validation loss no longer does."""

from collections.abc import Sequence

import keras

from scripts.training.recipe import PlateauRate


def reductions(losses: Sequence[float], patience: int) -> int:
    """How often the rate has fallen after these validation losses: whenever `patience` of them were no better.

    The count of epochs begins anew after each fall.
    """
    best, waited, fallen = float("inf"), 0, 0
    for loss in losses:
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == patience:
            fallen, waited = fallen + 1, 0
    return fallen


class FollowPlateau(keras.callbacks.Callback):  # type: ignore[misc]
    """Before each epoch sets the learning rate that `reductions` of the epochs before it gives.

    `losses` are those of the epochs before this training, so that a resumed run goes on with the same rate.
    """

    def __init__(self, schedule: PlateauRate, rate: float, losses: Sequence[float]) -> None:
        super().__init__()
        self._schedule = schedule
        self._rate = rate
        self._losses = list(losses)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Set the rate."""
        fallen = reductions(self._losses, self._schedule.patience)
        self.model.optimizer.learning_rate = self._rate * self._schedule.factor**fallen

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Note the validation loss."""
        self._losses.append((logs or {})["val_loss"])
