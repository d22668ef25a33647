"""The document tells the truth: what it describes is served, and what is served it describes."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from referencing.jsonschema import DRAFT202012

from app.http.problems import STATUS

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
OPERATIONS = {"get", "post"}


async def document_of(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get("/openapi.json")).json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_the_document_has_the_structure_of_openapi_3_1(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Horngate"
    assert document["info"]["version"]
    identifiers = []
    for path, method, operation in operations(document):
        assert path.startswith("/")
        assert method in OPERATIONS
        identifiers.append(operation["operationId"])
        assert operation["summary"]
        declared = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))
        assert "200" in operation["responses"]
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert response["description"]
    assert len(identifiers) == len(set(identifiers))


async def test_every_schema_is_valid_and_every_reference_leads_somewhere(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert re.fullmatch(r"[\w.-]+", name)
    resolver = DRAFT202012.create_resource(document)
    for reference in set(references(document)):
        assert reference.startswith("#/")
        part = resolver.contents
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    used = {reference.rpartition("/")[2] for reference in references(document)}
    assert used == set(document["components"]["schemas"])


async def test_each_served_model_has_its_own_path_and_no_other_has_one(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    paths = {path for path in document["paths"] if path.startswith("/predict/")}
    assert paths == {"/predict/adder", "/predict/digit", "/predict/sentiment", "/predict/topic"}
    content = document["paths"]["/predict/digit"]["post"]["requestBody"]["content"]
    assert set(content) == {
        "application/json",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/bmp",
        "multipart/form-data",
    }


async def test_a_models_predictions_are_told_alike_in_both_documents(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    for name in ("adder", "digit", "sentiment", "topic"):
        own = (await client.get(f"/models/{name}/openapi.json")).json()
        assert own["paths"][f"/predict/{name}"] == document["paths"][f"/predict/{name}"]
        for schema, told in own["components"]["schemas"].items():
            assert told == document["components"]["schemas"][schema]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("sentiment", {"text": "a", "texts": None}),
        ("digit", {"pixels": [0.5] * 784}),
        ("digit", {"pixels": [[[255] * 28] * 28] * 2, "image": None}),
        ("adder", {"inputs": {"left": [[1.5, 2]], "right": [[1, 2]], "count": [3.0]}}),
    ],
)
async def test_what_the_schema_allows_is_accepted(client: httpx.AsyncClient, name: str, body: dict[str, Any]) -> None:
    document = await document_of(client)
    schema = document["paths"][f"/predict/{name}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    assert (await client.post(f"/predict/{name}", json=body)).status_code == 200


async def test_every_example_works_as_it_stands_and_is_valid(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    tried = 0
    for path, method, operation in operations(document):
        body = operation.get("requestBody", {"content": {}})["content"].get("application/json", {})
        for example in body.get("examples", {}).values():
            schema = {**body["schema"], "components": document["components"]}
            Draft202012Validator(schema).validate(example["value"])
            response = await client.request(method, path, json=example["value"])
            assert response.status_code == 200, response.text
            tried += 1
    assert tried == 10


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/predict/sentiment", {}),
        ("/predict/sentiment", {"text": "a", "texts": ["a"]}),
        ("/predict/sentiment", {"text": "a", "more": 1}),
        ("/predict/sentiment", {"texts": []}),
        ("/predict/digit", {"pixels": [], "image": ""}),
        ("/predict/sentiment", {"text": None}),
        ("/predict/sentiment", {"texts": ["a", " "]}),
        ("/predict/digit", {"pixels": [[0] * 28] * 27}),
        ("/predict/digit", {"pixels": [256] * 784}),
        ("/predict/adder", {"inputs": 3}),
        ("/predict/adder", {"inputs": {"left": [[1, 2]], "right": [[1, 2]]}}),
        ("/predict/adder", {"inputs": {"left": [[1, 2]], "right": [[1, 2]], "count": [2**31]}}),
        ("/predict/adder", {"inputs": {"left": [[1, 2, 3]], "right": [[1, 2]], "count": [1]}}),
    ],
)
async def test_what_the_schema_forbids_is_refused(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    document = await document_of(client)
    described = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert not Draft202012Validator({**described, "components": document["components"]}).is_valid(body)
    assert (await client.post(path, json=body)).status_code == 422


async def test_every_status_that_an_error_may_have_is_described_for_predictions(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    for path, _, operation in operations(document):
        if path.startswith("/predict/"):
            assert {int(status) for status in operation["responses"]} == {200, *STATUS.values()}


async def test_every_get_that_is_described_answers(client: httpx.AsyncClient) -> None:
    document = await document_of(client)
    for path, method, _ in operations(document):
        if method == "get":
            response = await client.get(path.format(name="sentiment", version=1, file="roc.svg"))
            assert response.status_code == (404 if path.endswith("/plots/{file}") else 200)  # the tiny one has no plots


async def test_a_service_without_models_still_has_a_document(serving: Serving, tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        document = await document_of(client)
        assert "/health" in document["paths"]
        assert not any(path.startswith("/predict/") for path in document["paths"])
