"""`[red_blue]`: two copies of the model, each of which learns from one half of the rows."""

from typing import Literal

from scripts.training.recipe.part import Part


class RedBlue(Part):
    """Two copies learn in alternation, an epoch each, and are validated on each other's half; their mean is the model.

    With average `each_round` both go on from the mean of their weights after every round, as in local SGD (Stich 2019)
    and federated averaging (McMahan et al. 2017) with two workers; with `at_the_end` they stay apart until the last, as
    the ingredients of a model soup do (Wortsman et al. 2022).
    """

    average: Literal["each_round", "at_the_end"] = "each_round"
