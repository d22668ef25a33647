"""An end, with a reason, to a training whose loss is no number any more."""

import math

import keras

from app.errors import HorngateError
from scripts.training.callbacks.saving import SaveProgress


class LossNotFinite(HorngateError):
    """The loss became infinite or no number; the message says when, and what to do about it."""

    code = "loss_not_finite"
    title = "The loss is not finite"


class StopAtNan(keras.callbacks.Callback):  # type: ignore[misc]
    """Raises `LossNotFinite` after the step, or the validation, whose loss is no finite number, before it is saved.

    It must come before the callback that saves.
    """

    def __init__(self, saving: SaveProgress, steps: int) -> None:
        super().__init__()
        self._saving = saving
        self._steps = steps

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Look at the loss."""
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise LossNotFinite(self._told(loss, f"at step {self._saving.steps + 1} of {self._steps}"))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 Keras's signature
        """Look at the validation's loss."""
        loss = float((logs or {}).get("val_loss", 0.0))
        if not math.isfinite(loss):
            raise LossNotFinite(self._told(loss, "in its validation"))

    def _told(self, loss: float, place: str) -> str:
        epoch = len(self._saving.progress.epochs)
        kept = f"epoch {epoch} is kept and can be exported with scripts.export" if epoch else "nothing is kept"
        return (
            f"the loss became {loss} in epoch {epoch + 1} {place}; {kept}. Lower optimiser.learning_rate or set "
            "optimiser.clip_norm, and train anew"
        )
