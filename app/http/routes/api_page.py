"""`GET /docs`: Swagger UI, from the files of an installed package, over the documents of this server and no other."""

import importlib.util
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

import app.api_page
from app.http.assets import Assets, read_asset

FOLDER = Path(app.api_page.__file__).parent
PAGE = "index.html"
PACKAGE = "fastapi_swagger"
"""The package that ships Swagger UI; only its files are used."""

OURS = (PAGE, "page.css", "page.js")
THEIRS = ("swagger-ui-bundle.js", "swagger-ui.css")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""As strict as Swagger UI allows, which styles its elements inline."""


def api_page_router() -> APIRouter:
    """The page and its files, which are read when they are first asked for: few servers are."""
    router = APIRouter(include_in_schema=False)

    # Neither is `async`: reading and compressing 2 MB takes a while, so it happens on a thread.
    @router.api_route("/docs", methods=["GET", "HEAD"])
    def page(request: Request) -> Response:
        return _assets().answer(PAGE, request)

    @router.api_route("/docs/{name}", methods=["GET", "HEAD"])
    def file(name: str, request: Request) -> Response:
        return _assets().answer(name, request)

    return router


@cache
def _assets() -> Assets:
    """The page's files and those of Swagger UI."""
    paths = [*(FOLDER / name for name in OURS), *(_swagger_ui() / name for name in THEIRS)]
    return Assets({path.name: read_asset(path) for path in paths}, POLICY)


def _swagger_ui() -> Path:
    """The folder of Swagger UI's files; the package is found, not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"expected the package {PACKAGE}, which horngate requires; install horngate again")
    return Path(spec.origin).parent / "resources"
