"""`[vocabulary]`: the words that a text model knows."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Vocabulary(Part):
    """The words that a text model knows; `omit` names those that are left out of every text before it is cut."""

    size: int = Field(gt=2, le=1_000_000)
    min_frequency: Positive = 1
    omit: tuple[str, ...] = ()
