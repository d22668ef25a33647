"""The plots of a version: the SVG files that its model card shows."""

from fastapi import APIRouter, HTTPException, Response

from app.http.assets import GUARDS, MEDIA_TYPES
from app.http.problems import described
from app.lifecycle.registry import Registry

PLOT = "/models/{name}/versions/{version}/plots/{file}"
SUFFIX = ".svg"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What a drawing may do that is opened by itself: nothing but colour itself."""


def plots_router(registry: Registry) -> APIRouter:
    """The route over one registry."""
    router = APIRouter(tags=["models"])

    # Not `async`: it reads the file from the disk, so it runs on a thread.
    @router.get(
        PLOT,
        summary="One plot of a model card",
        response_class=Response,
        responses={200: {"content": {MEDIA_TYPES[SUFFIX]: {}}}, **described(404, 422, 503)},
    )
    def plot(name: str, version: int, file: str) -> Response:
        model = registry.resolve(name, version)
        if not file.endswith(SUFFIX) or file not in model.manifest.files:
            raise HTTPException(404)
        content = (model.folder.path / file).read_bytes()
        headers = {**GUARDS, "content-security-policy": POLICY}
        return Response(content, media_type=MEDIA_TYPES[SUFFIX], headers=headers)

    return router
