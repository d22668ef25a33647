"""`[fragments]`: further training rows that a teacher labels, as the label of a whole text is wrong for many a part."""

from scripts.training.recipe.frozen_encoder import FrozenEncoder
from scripts.training.recipe.part import Positive


class Fragments(FrozenEncoder):
    """Of `count` training texts a few clauses each, with the probability that a teacher gives them as their target.

    The teacher is a frozen encoder whose regression learns from at most `taught_by` training texts of few words.
    """

    count: Positive
    taught_by: Positive
