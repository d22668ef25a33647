"""`[averaging]`: the mean of the weights over time, which is validated, kept and exported in their place."""

from typing import Annotated, Literal

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class ExponentialAveraging(Part):
    """After each step the mean moves by `1 - momentum` towards the weights, by more in the first steps.

    Polyak and Juditsky 1992; the first n steps count alike until 1 / n falls below `1 - momentum`.
    """

    kind: Literal["ema"]
    momentum: float = Field(0.999, gt=0, lt=1)


class StochasticAveraging(Part):
    """The mean of the weights after each of the last `epochs` epochs; before them the weights themselves count.

    Stochastic weight averaging, Izmailov et al. 2018.
    """

    kind: Literal["swa"]
    epochs: Positive


Averaging = Annotated[ExponentialAveraging | StochasticAveraging, Field(discriminator="kind")]
