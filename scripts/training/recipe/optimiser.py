"""`[optimiser]`: how the weights move."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scripts.training.recipe.part import Part, Positive


class ConstantRate(Part):
    """The learning rate stays as it is."""

    kind: Literal["constant"] = "constant"


class CosineRate(Part):
    """The learning rate rises from zero over `warmup_epochs`, then falls along a cosine to zero over the others.

    Loshchilov and Hutter 2017, without restarts.
    """

    kind: Literal["cosine"]
    warmup_epochs: float = Field(0.0, ge=0)


class PlateauRate(Part):
    """The learning rate is multiplied by `factor` when the validation loss has not fallen for `patience` epochs."""

    kind: Literal["plateau"]
    factor: float = Field(0.5, gt=0, lt=1)
    patience: Positive = 1


Schedule = Annotated[ConstantRate | CosineRate | PlateauRate, Field(discriminator="kind")]


class Optimiser(Part):
    """Adam (Kingma and Ba 2015), or AdamW, which takes `weight_decay` as well (Loshchilov and Hutter 2019).

    `learning_rate` is that of one replica; so many replicas together take so many times as much. Where `clip_norm` is
    given, the gradients of all weights together are shortened to that Euclidean norm (Pascanu et al. 2013).
    """

    kind: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(gt=0, le=1)
    schedule: Schedule = ConstantRate()
    weight_decay: float = Field(0.0, ge=0, le=1)
    clip_norm: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _weight_decay_needs_adamw(self) -> "Optimiser":
        if self.weight_decay and self.kind != "adamw":
            raise ValueError(f"weight_decay needs kind 'adamw'; received kind {self.kind!r}")
        return self
