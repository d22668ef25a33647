"""The server's application in this process: asked as a server is, but nothing listens on any port."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from app.client import AsyncHorngate
from app.errors import ModelInvalid
from app.main import create_app
from app.settings import read_settings

URL = "http://horngate"
LOOK_SECONDS = 0.05
LOOKS = 12_000
"""Loading has three seconds before the application opens: few models need a second look."""


@asynccontextmanager
async def inside(models: Path) -> AsyncIterator[httpx.AsyncBaseTransport]:
    """A way to the application, once everything in the models folder is loaded; given back at the end.

    Raises `ModelInvalid` where that takes too long, and `SettingsInvalid` for settings that no server would take.
    """
    own = {"models_dir": models, "access_log": False, "grpc_port": None, "required_models": (), "drain_seconds": 0.0}
    settings = read_settings().model_copy(update=own)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        await _loaded(transport)
        yield transport


@contextmanager
def alone(model: Path, version: Path | None = None) -> Iterator[Path]:
    """A models folder, of links, with that model only, or only that version of it; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="horngate-", ignore_cleanup_errors=True) as folder:
        place = Path(folder) / model.name
        if version is None:
            place.symlink_to(model.resolve(), target_is_directory=True)
        else:
            place.mkdir()
            (place / version.name).symlink_to(version.resolve(), target_is_directory=True)
        yield Path(folder)


async def _loaded(transport: httpx.AsyncBaseTransport) -> None:
    """Wait until loading is over."""
    async with AsyncHorngate(URL, transport=transport) as client:
        for _ in range(LOOKS):
            if (await client.health()).status != "loading":
                return
            await asyncio.sleep(LOOK_SECONDS)
    raise ModelInvalid(f"the models were not loaded within {LOOKS * LOOK_SECONDS:.0f} s")
