"""Which callbacks a recipe's training has."""

import keras

from scripts.training.callbacks.averaging import AverageWeights, WeightMean
from scripts.training.callbacks.finite import StopAtNan
from scripts.training.callbacks.plateau import FollowPlateau
from scripts.training.callbacks.saving import SaveProgress
from scripts.training.compilation import learning_rate_of
from scripts.training.methods.pruning import Prune
from scripts.training.recipe import PlateauRate, Recipe


def callbacks_of(
    recipe: Recipe, saving: SaveProgress, mean: WeightMean, steps: int, replicas: int
) -> list[keras.callbacks.Callback]:
    """All that goes on beside that many steps an epoch.

    The order matters: a loss is looked at, and weights are averaged, before they are saved.
    """
    schedule = recipe.optimiser.schedule
    beside: list[keras.callbacks.Callback] = [StopAtNan(saving, steps)]
    if recipe.averaging is not None:
        beside.append(AverageWeights(recipe.averaging, mean, recipe.fit.epochs))
    if isinstance(schedule, PlateauRate):
        losses = [epoch["val_loss"] for epoch in saving.progress.epochs]
        beside.append(FollowPlateau(schedule, learning_rate_of(recipe, steps, replicas), losses))
    if recipe.pruning is not None:
        beside.append(Prune(recipe.pruning, steps))
    beside.append(saving)
    if saving.writes:
        beside.append(keras.callbacks.TensorBoard(saving.folder / "tensorboard"))
    return beside
