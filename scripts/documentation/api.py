"""The page of the API, written from the server's own OpenAPI documents, with answers that it really gave."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from app.main import create_app
from app.settings import Settings
from scripts.documentation.operations import JSON, first_example, operation_section, schema_section

LOADING_SECONDS = 60.0
"""How long the models may take to load."""

SUCCESS = "200"

INTRODUCTION = """# API

Every route with its parameters, bodies and answers. This page is written from the server's own OpenAPI documents when
the documentation is built, with the shipped models loaded; the answers are theirs. In examples, `…` stands for what was
left out. A running server has the same at `/docs`, `/openapi.json` and `/models/{name}/openapi.json`, for the models
that it serves. [Prediction and other routes](prediction.md) tells in words what is common to all models.
"""

Sections = Iterator[str]

Asked = tuple[str, str]
"""Method and path."""

NAME = re.compile(r"{(\w+)}")
"""A name in a path."""


async def api_page(models_dir: Path) -> str:
    """The page in Markdown, of a server over `models_dir`; raises `TimeoutError` where the models do not load."""
    app = create_app(Settings(models_dir=models_dir, access_log=False))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000") as client,
        asyncio.timeout(LOADING_SECONDS),
    ):
        while (await client.get("/health/startup")).is_error:  # noqa: ASYNC110  # from outside there is no event
            await asyncio.sleep(0.1)
        server = (await client.get("/openapi.json")).json()
        names = [model["name"] for model in (await client.get("/models")).json()["models"]]
        documents = {name: (await client.get(f"/models/{name}/openapi.json")).json() for name in names}
        known = {"name": names[0], "version": documents[names[0]]["info"]["version"]}
        answers = await _answers(client, [server, *documents.values()], known)
    return "\n".join(_sections(server, documents, answers))


async def _answers(client: httpx.AsyncClient, documents: list[Any], known: Mapping[str, str]) -> dict[Asked, Any]:
    """What the server says to each operation's first example; paths get what is `known` of the names in them."""
    answers: dict[Asked, Any] = {}
    for document in documents:
        for method, path, operation in _operations(document):
            body = first_example(operation)
            if (
                (method, path) in answers
                or not _is_asked(path, operation, known)
                or (method == "post" and body is None)
            ):
                continue
            answer = await client.request(method, path.format(**known), json=body)
            if answer.is_success:
                answers[method, path] = answer.json()
    return answers


def _is_asked(path: str, operation: Any, known: Mapping[str, str]) -> bool:
    """Whether its path can be filled in, and the answer is JSON that tells something: no document of the API itself."""
    names = set(NAME.findall(path))
    is_json = JSON in operation["responses"].get(SUCCESS, {}).get("content", {})
    return names <= known.keys() and is_json and not path.endswith("openapi.json")


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Method, path and operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def _sections(server: Any, documents: Mapping[str, Any], answers: Mapping[Asked, Any]) -> Sections:
    """The page's parts: each model's ways, the plain routes, the schemas."""
    yield INTRODUCTION
    told: set[str] = set()
    schemas: dict[str, Any] = dict(server["components"]["schemas"])
    for name, document in documents.items():
        yield f"## The model {name}\n"
        yield f"{document['info'].get('description', '')}\n"
        yield from _of_document(document, answers, told)
        schemas |= document["components"]["schemas"]
    yield "## The server\n"
    yield from _of_document(server, answers, told)
    yield "## Schemas\n"
    for name in sorted(schemas):
        yield schema_section(name, schemas[name]) + "\n"


def _of_document(document: Any, answers: Mapping[Asked, Any], told: set[str]) -> Sections:
    """A document's operations that were not told before."""
    for method, path, operation in _operations(document):
        if path not in told:
            told.add(path)
            yield operation_section(method, path, operation, answers.get((method, path))) + "\n"
