"""A trained model calibrated on its validation rows, in place."""

from dataclasses import dataclass

import keras
import numpy as np

from app.evaluation.reliability import METHOD, expected_calibration_error, log_loss
from scripts.training.calibration.band import Band, choose_band
from scripts.training.calibration.folding import fold, logits_of
from scripts.training.calibration.temperature import fit_temperature, softmax
from scripts.training.examples import Material
from scripts.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was found on so many validation rows, the figures before and after the temperature; 1.0 changes nothing."""

    rows: int
    temperature: float
    ece_before: float
    ece_after: float
    log_loss_before: float
    log_loss_after: float
    band: Band | None
    ece_method: str = METHOD

    @property
    def neutral_band(self) -> tuple[float, float] | None:
        """The chosen band as the manifest holds it."""
        return None if self.band is None else (self.band.low, self.band.high)


def calibrate(recipe: Recipe, model: keras.Model, material: Material) -> Calibrated:
    """Fit what the recipe's `[calibration]` asks for and fold the temperature into the model.

    Raises `CalibrationFailed` where the model does not end in the layer that takes it.
    """
    wanted = recipe.calibration
    logits = logits_of(model, material.validation.inputs, recipe.buckets)
    targets = material.validation.targets.reshape(-1).astype(np.int64)
    temperature = fit_temperature(logits, targets) if wanted.temperature else 1.0
    before, after = softmax(logits), softmax(logits / temperature)
    rule = wanted.neutral
    band = choose_band(after[:, 1], targets, rule.accuracy, rule.largest_share) if rule else None
    if wanted.temperature:
        fold(model, temperature)
    return Calibrated(
        rows=len(targets),
        temperature=temperature,
        ece_before=round(expected_calibration_error(before, targets), 5),
        ece_after=round(expected_calibration_error(after, targets), 5),
        log_loss_before=round(log_loss(before, targets), 5),
        log_loss_after=round(log_loss(after, targets), 5),
        band=band,
    )
