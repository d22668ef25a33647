"""Files that an installed Python package brings: where they lie, and whether they are those of a recipe."""

import hashlib
import importlib.util
from pathlib import Path

from scripts.training.recipe import RecipeInvalid


def path_in(package: str, name: str) -> Path | None:
    """The file or folder `name` of an installed package, which is not imported; None where either is missing."""
    found = importlib.util.find_spec(package)
    places = (found.submodule_search_locations if found is not None else None) or []
    return next((Path(place) / name for place in places if (Path(place) / name).exists()), None)


def check_sha256(path: Path, expected: str | None, key: str, advice: str) -> None:
    """Raise `RecipeInvalid` where the recipe's `key` expects another checksum than the file has, with the `advice`."""
    if expected is None:
        return
    with path.open("rb") as file:
        received = hashlib.file_digest(file, "sha256").hexdigest()
    if received != expected:
        raise RecipeInvalid(f"{key}: expected {expected} of {path}; received {received}; {advice}")
