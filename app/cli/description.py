"""The OpenAPI document of a models folder or of a server, as the server writes it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click
import httpx

from app.cli.evaluation.output import write_file
from app.cli.prediction.remote import ServerRefused
from app.cli.versions import check_folder, find_served, find_version, split_version

TIMEOUT_SECONDS = 60.0


def document_inside(models: Path, wanted: str | None) -> str:
    """The document of what a server of this folder would serve; folders that it could not are told on standard error.

    Raises `ModelNotFound` or `ModelInvalid` where there is no such model, `ServerRefused` where it cannot be served.
    """
    from app.cli.inside import alone  # noqa: PLC0415  # a running server is asked without the application

    check_folder(models)
    if wanted is None:
        return asyncio.run(_asked(models, "/openapi.json"))
    named = find_version(models, wanted) if "/" not in wanted else find_served(models, wanted)
    version = None if "/" not in wanted else named.path
    with alone(named.path.parent, version) as only:
        return asyncio.run(_asked(only, _path_of(f"{named.name}/{named.version}" if version else named.name)))


def document_of_server(url: str, wanted: str | None) -> str:
    """The document of a running server; raises `ServerRefused`."""
    try:
        reply = httpx.get(f"{url.rstrip('/')}{_path_of(wanted)}", timeout=TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerRefused(f"{url}: no answer ({error}); is the server running?") from None
    return _indented(reply, url)


def write_document(out: Path, text: str) -> None:
    """Write it to a file; raises `DataError` where that cannot be written."""
    write_file(out, f"{text}\n")


async def _asked(models: Path, path: str) -> str:
    """What the application answers."""
    from app.cli.inside import URL, inside  # noqa: PLC0415  # as above

    async with inside(models) as transport, httpx.AsyncClient(transport=transport, base_url=URL) as server:
        for failure in (await server.get("/health")).json()["failures"]:
            click.echo(f"horngate: {failure['folder']} is left out: {failure['reason']}", err=True)
        return _indented(await server.get(path), "the models folder")


def _path_of(wanted: str | None) -> str:
    """Where the document is."""
    if wanted is None:
        return "/openapi.json"
    name, version = split_version(wanted)
    return f"/models/{name}/openapi.json" if version is None else f"/models/{name}/versions/{version}/openapi.json"


def _indented(reply: httpx.Response, place: str) -> str:
    """An answer's document; raises `ServerRefused` for any other answer."""
    try:
        document: Any = reply.json()
    except ValueError:
        document = {}
    if reply.status_code != httpx.codes.OK or not isinstance(document, dict) or "openapi" not in document:
        detail = document.get("detail") if isinstance(document, dict) else None
        raise ServerRefused(f"{place}: {detail or f'expected an OpenAPI document; received HTTP {reply.status_code}'}")
    return json.dumps(document, indent=2, ensure_ascii=False)
