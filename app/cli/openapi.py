"""`horngate openapi`: its options, as click reads them."""

from pathlib import Path

import click

from app.cli.options import OUTPUT, asking_options


@click.command()
@click.argument("model", required=False)
@click.option("--out", type=OUTPUT, help="Write it to this file.")
@asking_options
def openapi(*, model: str | None, out: Path | None, models_dir: Path, as_json: bool, url: str | None) -> None:
    """Write the OpenAPI document of all models, or of one.

    MODEL is a name, or name/version; without it the document is that of the whole server. It describes what stands in
    the models folder, as a server would, or the server that is named; it is JSON with --json or without.
    """
    from app.cli.description import document_inside, document_of_server, write_document  # noqa: PLC0415  # as in calibrate

    del as_json  # every document of OpenAPI is JSON
    text = document_inside(models_dir, model) if url is None else document_of_server(url, model)
    if out is None:
        click.echo(text)
    else:
        write_document(out, text)
        click.echo(f"Written: {out}", err=True)
