"""`[pruning]`: how many of the weights become zero."""

from pydantic import Field, model_validator

from scripts.training.recipe.part import Part, Positive


class Pruning(Part):
    """The smallest weights of each kernel and embedding become zero, until a share of `sparsity` is.

    The share rises after `begin` epochs along the cubic curve of Zhu and Gupta (To prune, or not to
    prune, 2017) until `end` epochs have passed, and the smallest weights are chosen anew every `every` steps. The epoch
    that is kept is one of those with the full share.
    """

    sparsity: float = Field(gt=0, lt=1)
    begin: float = Field(0.0, ge=0)
    end: float = Field(gt=0)
    every: Positive = 50

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Pruning":
        if self.end <= self.begin:
            raise ValueError(f"end must be later than begin ({self.begin}); received {self.end}")
        return self
