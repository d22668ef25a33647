"""`[fit]`: how long, on which rows, from which seed."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Fit(Part):
    """How long: at most `epochs`, ending when the validation loss has not fallen for `patience` of them.

    `balance` gives each label the same weight in all, however many rows it has.
    """

    epochs: Positive
    patience: Positive
    batch_size: Positive
    balance: bool = False
    validation_share: float = Field(gt=0, lt=1)
    seed: int = Field(ge=0, lt=2**31)
