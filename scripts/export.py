"""`python -m scripts.export recipes/sentiment.toml`: export what an interrupted training has reached."""

from pathlib import Path

import click

from scripts.console import data_option, models_option, runs_option, told_plainly, version_option
from scripts.training.recipe import read_recipe


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path))
@data_option
@models_option
@runs_option
@version_option
def main(recipe: Path, data: Path, models: Path, runs: Path, version: int | None) -> None:
    """Measure and export the best weights that the run of RECIPE has reached, without training on."""
    with told_plainly():
        read = read_recipe(recipe)
        from scripts.training.learning import Places  # noqa: PLC0415 TensorFlow takes seconds
        from scripts.training.pipeline import export_run  # noqa: PLC0415

        export_run(read, Places(data, runs, models), version=version)


if __name__ == "__main__":
    main()
