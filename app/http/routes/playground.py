"""The playground: a page on which people try the served models, at `/`, and its files."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

import app.playground
from app.http.assets import GUARDS, MEDIA_TYPES, Assets, read_asset
from app.http.live import LiveFeed

FOLDER = Path(app.playground.__file__).parent
PAGE = "index.html"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing inline, nothing from another host, no frame around it, and no text that becomes HTML."""


def playground_router(feed: LiveFeed) -> APIRouter:
    """The page, its files, which are read now, and what its live panel shows."""
    paths = [path for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES]
    assets = Assets({path.name: read_asset(path) for path in paths}, POLICY)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        return assets.answer(PAGE, request)

    @router.get("/playground/live")
    async def live() -> Response:
        return StreamingResponse(
            feed.stream(), media_type="text/event-stream", headers={**GUARDS, "x-accel-buffering": "no"}
        )

    @router.api_route("/playground/{name}", methods=["GET", "HEAD"])
    async def file(name: str, request: Request) -> Response:
        return assets.answer(name, request)

    return router
