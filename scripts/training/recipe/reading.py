"""From a TOML file to a checked recipe, or to an error that names the file and the key."""

import json
import tomllib
from pathlib import Path

from pydantic import ValidationError

from app.errors import HorngateError
from scripts.training.recipe.faults import told_faults
from scripts.training.recipe.whole import Recipe


class RecipeInvalid(HorngateError):
    """A recipe cannot be read; the message names the file and the key."""

    code = "recipe_invalid"
    title = "The recipe is not valid"


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe; raises `RecipeInvalid` naming the file, the key and what was expected."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeInvalid(f"{path}: no such file; the recipes that come with Horngate stand in recipes/") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RecipeInvalid(f"{path}: not a TOML file: {error}") from None
    try:
        # As JSON, whose lists may be read strictly as tuples; dates, which no key takes, become texts.
        return Recipe.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise RecipeInvalid("; ".join(f"{path}: {fault}" for fault in told_faults(error))) from None
