"""An explanation from a version in this process, or from a server."""

import asyncio
from pathlib import Path
from typing import Any

from app import client
from app.cli.prediction.given import one_of
from app.cli.prediction.model import Model
from app.cli.prediction.remote import ServerRefused, described, open_remote
from app.cli.versions import find_served
from app.client import AsyncHorngate
from app.client.explanations import Explanation
from app.errors import ModelInvalid


def explain_inside(models: Path, wanted: str, given: str, explained: str | None) -> tuple[Model, Explanation]:
    """Why the version that is `wanted` says what it says to what is given.

    Raises `ModelNotFound`, `ModelInvalid` where it cannot be served, `DataError` for an input that is none, and
    `ServerRefused` for what the server's own code refuses.
    """
    from app.cli.inside import alone  # noqa: PLC0415  # a running server is asked without the application

    folder = find_served(models, wanted)
    with alone(folder.path.parent, folder.path) as only:
        return asyncio.run(_explain(only, folder.name, given, explained))


def explain_remote(url: str, wanted: str, given: str, explained: str | None) -> tuple[Model, Explanation]:
    """The same from the server at `url`; raises `ServerRefused`, and `DataError` for an input that is none."""
    with open_remote(url, wanted) as asker:
        model = asker.model
        item = one_of(given, model)
        return model, asker.server.explain(model.name, item, explained, version=model.version)


async def _explain(models: Path, name: str, given: str, explained: str | None) -> tuple[Model, Explanation]:
    from app.cli.inside import URL, inside  # noqa: PLC0415  # as above

    async with inside(models) as transport, AsyncHorngate(URL, transport=transport) as server:
        try:
            health = await server.health()
            if health.failures:
                raise ModelInvalid(f"{health.failures[0].folder} cannot be served: {health.failures[0].reason}")
            model = described(await server.model(name))
            item: Any = one_of(given, model)
            return model, await server.explain(name, item, explained)
        except client.HorngateError as error:
            raise ServerRefused(str(error)) from None
