"""`horngate explain`: its options, as click reads them."""

from pathlib import Path

import click

from app.cli.options import asking_options


@click.command()
@click.argument("model")
@click.argument("given", metavar="TEXT | IMAGE")
@click.option("--class", "explained", help="Explain this class instead of the predicted one.")
@asking_options
def explain(*, model: str, given: str, explained: str | None, models_dir: Path, as_json: bool, url: str | None) -> None:
    """Show what each word or pixel adds to a prediction.

    MODEL is a name, or name/version, of a model of texts or digits. It is asked a text, or an image file; - reads one
    from standard input. Each part is left out in turn: a bar to the right speaks for the class, one to the left against
    it. Runs in this process, by the code that serves, unless a server is named.
    """
    from app.cli.explanation.asking import explain_inside, explain_remote  # noqa: PLC0415  # as in calibrate
    from app.cli.explanation.showing import explanation_json, explanation_text  # noqa: PLC0415  # the same

    if url is None:
        version, found = explain_inside(models_dir, model, given, explained)
    else:
        version, found = explain_remote(url, model, given, explained)
    click.echo(explanation_json(version, found) if as_json else explanation_text(version, found))
