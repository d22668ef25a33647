"""`[calibration]`: what is done on the validation rows once the weights are found."""

from pydantic import Field

from scripts.training.recipe.part import Part, Share


class NeutralBand(Part):
    """The narrowest band outside which this share of the validation answers is right, of at most so many of them."""

    accuracy: float = Field(gt=0.5, le=1)
    largest_share: Share = 0.2


class Calibration(Part):
    """`temperature` fits one (Guo et al. 2017) and folds it into the last layer; `neutral` chooses the neutral band."""

    temperature: bool = True
    neutral: NeutralBand | None = None
