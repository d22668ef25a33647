"""`python -m scripts.testset recipes/sentiment.toml`: write the test parts of a recipe's data sets to files.

What a report says of a version was measured on just these rows; `horngate evaluate` measures it, or any other, on them.
"""

from pathlib import Path

import click

from app.labelled.problems import problem_lines
from scripts.console import FOLDER, data_option, told_plainly
from scripts.training.data.catalogue import load_datasets
from scripts.training.data.writing import write_test_part
from scripts.training.recipe import read_recipe


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path))
@data_option
@click.option("--output", type=FOLDER, default="runs/test", show_default=True, help="Where the files go.")
def main(recipe: Path, data: Path, output: Path) -> None:
    """Write the test part of each data set of RECIPE, without what the training parts have too."""
    with told_plainly():
        for dataset in load_datasets(read_recipe(recipe).datasets, data):
            path = write_test_part(dataset, output)
            click.echo(f"{path}: {len(dataset.test.targets):,} rows")
            for line in problem_lines(dataset.problems):
                click.echo(f"  {line}")


if __name__ == "__main__":
    main()
