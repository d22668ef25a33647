"""Training rows beside those that were read: what a recipe's `[contrast]` and `[fragments]` make of them."""

from scripts.training.contrast.rows import contrast_rows
from scripts.training.data.split import concatenate
from scripts.training.data.types import Split
from scripts.training.fragments.rows import fragment_rows
from scripts.training.recipe import Recipe
from scripts.training.sentence_encoder.opinions import open_vectors


def with_further_rows(recipe: Recipe, training: Split) -> tuple[Split, int]:
    """The rows as they were read, after them contrasts and fragments, as the recipe asks for; and how many contrasts.

    Raises `RecipeInvalid` where the encoder of the fragments is not there.
    """
    rows = [training]
    if recipe.contrast is not None:
        rows.append(contrast_rows(recipe.contrast, training, recipe.fit.seed))
    if recipe.fragments is not None:
        rows.append(
            fragment_rows(recipe.fragments, training, recipe.fit.seed, open_vectors(recipe.fragments, "fragments"))
        )
    contrasts = 0 if recipe.contrast is None else len(rows[1].targets)
    return concatenate(rows), contrasts
