"""`[contrast]`: further training rows that say what a negation and a `but` do."""

from pydantic import Field

from scripts.training.recipe.part import Part, Positive


class Contrast(Part):
    """Clauses of the training texts that end in a telling word, as they are, negated, and opposed by `but`.

    A word tells where it ends at least `min_rows` clauses after `is`, `was`, 很 and their like, and the log of its
    share of the positive texts' such clauses over that of the negative ones' is at least `least_ratio` from zero. Of
    each language and either side at most `clauses` are taken, at most `same_word` of them with the same word. The word
    decides what a clause says, the negation turns it over (after Kaushik, Hovy, Lipton: Learning the Difference that
    Makes a Difference, 2020, where people did the same).
    """

    clauses: Positive
    min_rows: Positive = 10
    least_ratio: float = Field(0.8, gt=0, le=10)
    same_word: Positive = 60
