"""From a TOML file to a checked recipe, or to an error that names the file and the key."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from app.errors import HorngateError
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
        return Recipe.model_validate(content)
    except ValidationError as error:
        raise RecipeInvalid("; ".join(f"{path}: {fault}" for fault in _faults(error))) from None


def _faults(error: ValidationError) -> list[str]:
    """Each fault as `key: what was expected (received what)`."""
    told = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"])
        place = f"{key}: " if key else ""
        received = "" if fault["type"] in {"missing", "value_error"} else f"; received {fault['input']!r}"
        told.append(f"{place}{fault['msg'].removeprefix('Value error, ')}{received}")
    return told
