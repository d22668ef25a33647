"""Models like those of Triton's examples, and a client of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest_asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simple(
    serving: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]], simple_models: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that serves them."""
    async with serving(simple_models) as client:
        yield client
