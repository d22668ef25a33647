"""`[folds]`: how much the model's figures depend on which rows are held out."""

from pydantic import Field

from scripts.training.recipe.part import Part


class Folds(Part):
    """Cross-validation before the training itself: `count` models, each validated on another part of all rows."""

    count: int = Field(ge=2, le=20)
