"""`[fit]`: how long, on which rows, from which seed, and what counts as wrong."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Fit(Part):
    """How long: at most `epochs`, ending when the validation loss has not fallen for `patience` of them.

    `batch_size` is the rows of one replica's batch. `balance` gives each label the same weight in all, however many
    rows it has. With `label_smoothing` s the target is 1 - s for the label and s shared by all labels, its own included
    (Szegedy et al. 2016), in training and validation loss alike. `split_seed` (by default `seed`) decides
    which rows are held out: recipes that differ in `seed` alone are then compared on the same ones.
    """

    epochs: Positive
    patience: Positive
    batch_size: Positive
    balance: bool = False
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    validation_share: float = Field(gt=0, lt=1)
    seed: int = Field(ge=0, lt=2**31)
    split_seed: int | None = Field(None, ge=0, lt=2**31)

    @property
    def splits_by(self) -> int:
        """The number that decides which rows are held out."""
        return self.seed if self.split_seed is None else self.split_seed
