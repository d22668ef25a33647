"""`[optimiser]`: how the weights move."""

from typing import Literal

from pydantic import Field

from scripts.training.recipe.part import Part


class Optimiser(Part):
    """How the weights move; the learning rate falls along a cosine to zero over all epochs where `decay` says so."""

    kind: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(gt=0, le=1)
    decay: Literal["none", "cosine"] = "none"
    weight_decay: float = Field(0.0, ge=0, le=1)
