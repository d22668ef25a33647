"""`[fit]`: how long, on which rows, from which seed."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Fit(Part):
    """How long: at most `epochs`, ending when the validation loss has not fallen for `patience` of them.

    `balance` gives each label the same weight in all, however many rows it has. `split_seed` (by default `seed`)
    decides which rows are held out: recipes that differ in `seed` alone are then compared on the same ones.
    """

    epochs: Positive
    patience: Positive
    batch_size: Positive
    balance: bool = False
    validation_share: float = Field(gt=0, lt=1)
    seed: int = Field(ge=0, lt=2**31)
    split_seed: int | None = Field(None, ge=0, lt=2**31)

    @property
    def splits_by(self) -> int:
        """The number that decides which rows are held out."""
        return self.seed if self.split_seed is None else self.split_seed
