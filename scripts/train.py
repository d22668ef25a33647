"""`python -m scripts.train recipes/sentiment.toml`: train, evaluate and export a model from its recipe."""

import sys
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
@click.option("--resume", is_flag=True, help="Go on where an interrupted run was saved.")
def main(recipe: Path, data: Path, models: Path, runs: Path, version: int | None, *, resume: bool) -> None:
    """Train the model of RECIPE, measure it on the test splits, and export it as a new version."""
    with told_plainly():
        read = read_recipe(recipe)
        from scripts.training.learning import Places  # noqa: PLC0415 TensorFlow takes seconds
        from scripts.training.pipeline import train_and_export  # noqa: PLC0415
        from scripts.training.provenance import command_of  # noqa: PLC0415

        command = command_of("scripts.train", sys.argv[1:])
        try:
            train_and_export(read, Places(data, runs, models, recipe.parent), command, version=version, resume=resume)
        except KeyboardInterrupt:
            raise click.ClickException(
                f"interrupted; what {runs / read.name} had saved before is intact: go on with --resume, or export it "
                "with scripts.export"
            ) from None


if __name__ == "__main__":
    main()
