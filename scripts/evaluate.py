"""`python -m scripts.evaluate models/sentiment/1`: measure an exported version again, as the server would run it."""

import json
from pathlib import Path

import click

from scripts.console import data_option, told_plainly


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@data_option
@click.option("--dataset", "datasets", multiple=True, help="A data set by name, by default those of the report.")
def main(folder: Path, data: Path, datasets: tuple[str, ...]) -> None:
    """Print the figures of the version in FOLDER on its data sets' test splits, as JSON."""
    with told_plainly():
        from scripts.training.measurement import measure_version  # noqa: PLC0415 scikit-learn takes a second

        click.echo(json.dumps(measure_version(folder, data, datasets), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
