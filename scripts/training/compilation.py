"""A model made ready to learn: loss, optimiser and learning rate as the recipe has them."""

from typing import Any

import keras

from scripts.training.losses import LikelierAccuracy, loss_of
from scripts.training.methods.distillation_loss import DistillationLoss, LabelAccuracy
from scripts.training.recipe import CosineRate, Recipe


def compile_model(model: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give the model its loss (cross-entropy), accuracy and the recipe's optimiser for that many steps an epoch.

    On several replicas the learning rate is so many times the recipe's (Goyal et al. 2017).
    """
    with model.distribute_strategy.scope():
        loss, accuracy = measures_of(recipe, model.output_shape[-1])
        model.compile(
            optimiser_of(recipe, steps, model.distribute_strategy.num_replicas_in_sync),
            loss,
            metrics=[accuracy],
            jit_compile=False,
        )
    # Keras's own setter refuses XLA wherever operations are asked to be deterministic; TensorFlow does not.
    model._jit_compile = recipe.compute.xla  # noqa: SLF001


def measures_of(recipe: Recipe, outputs: int) -> tuple[keras.losses.Loss, keras.metrics.Metric | str]:
    """What the recipe's model of that many outputs makes small, and its accuracy."""
    plain = loss_of(recipe.fit.label_smoothing, outputs)
    if recipe.fragments is not None:
        return plain, LikelierAccuracy(name="accuracy")
    if recipe.distillation is None:
        return plain, "accuracy"
    return DistillationLoss(plain, recipe.distillation), LabelAccuracy(name="accuracy")


def optimiser_of(recipe: Recipe, steps: int, replicas: int = 1) -> keras.optimizers.Optimizer:
    """The recipe's optimiser for that many steps an epoch on that many replicas."""
    settings = recipe.optimiser
    rate = learning_rate_of(recipe, steps, replicas)
    # Each replica shortens its share of the gradients before they are added up.
    clip_norm = None if settings.clip_norm is None else settings.clip_norm / replicas
    if settings.kind == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay, global_clipnorm=clip_norm)
    return keras.optimizers.Adam(rate, global_clipnorm=clip_norm)


def learning_rate_of(recipe: Recipe, steps: int, replicas: int = 1) -> Any:
    """The learning rate of every step; that of a plateau is what it begins with."""
    rate = recipe.optimiser.learning_rate * replicas
    schedule = recipe.optimiser.schedule
    if not isinstance(schedule, CosineRate):
        return rate
    rising = round(schedule.warmup_epochs * steps)
    falling = recipe.fit.epochs * steps - rising
    if not rising:
        return keras.optimizers.schedules.CosineDecay(rate, falling)
    return keras.optimizers.schedules.CosineDecay(0.0, falling, warmup_target=rate, warmup_steps=rising)
