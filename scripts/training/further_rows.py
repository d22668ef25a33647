"""Training rows beside those that were read: what a recipe's `[contrast]` and `[fragments]` make of them."""

from scripts.training.contrast.rows import contrast_rows
from scripts.training.data.split import concatenate
from scripts.training.data.types import Split
from scripts.training.fragments.encoder_file import find_encoder, read_encoder
from scripts.training.fragments.rows import Vectors, fragment_rows
from scripts.training.recipe import Fragments, Recipe


def with_further_rows(recipe: Recipe, training: Split) -> tuple[Split, int]:
    """The rows as they were read, after them contrasts and fragments, as the recipe asks for; and how many contrasts.

    Raises `RecipeInvalid` where the encoder of the fragments is not there.
    """
    rows = [training]
    if recipe.contrast is not None:
        rows.append(contrast_rows(recipe.contrast, training, recipe.fit.seed))
    if recipe.fragments is not None:
        rows.append(fragment_rows(recipe.fragments, training, recipe.fit.seed, _vectors_of(recipe.fragments)))
    contrasts = 0 if recipe.contrast is None else len(rows[1].targets)
    return concatenate(rows), contrasts


def _vectors_of(settings: Fragments) -> Vectors:
    """The encoder of an installed package; imported here, as only recipes with fragments need OpenVINO."""
    from scripts.training.fragments.encoder import SentenceEncoder  # noqa: PLC0415

    file = read_encoder(find_encoder(settings.package), settings.sha256)
    return SentenceEncoder(file, settings.layers, settings.most_tokens).vectors
