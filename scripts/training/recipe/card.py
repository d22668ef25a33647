"""`[card]`: the model card's words."""

from pydantic import Field

from scripts.training.recipe.part import Part


class Card(Part):
    """What the model card says in words: what the model is for, and what it cannot do."""

    purpose: str = Field(min_length=1)
    limits: str = Field(min_length=1)
