"""A model's own document: every way to ask it, told so that whoever follows it is answered."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from app.main import create_app
from app.settings import Settings

NAMES = ("adder", "digit", "sentiment", "topic")
DOCUMENTS = [f"/models/{name}{version}/openapi.json" for name in NAMES for version in ("", "/versions/1")]


@pytest.fixture(scope="module")
def http(
    tiny_models: Path, listening: Callable[..., AbstractContextManager[tuple[str, int]]]
) -> Iterator[httpx.Client]:
    """A client of a real server."""
    with (
        listening(create_app(Settings(models_dir=tiny_models, access_log=False))) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=30) as client,
    ):
        yield client


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], Any]]:
    """Path, query, operation and body of every example."""
    for path, operations in document["paths"].items():
        operation = operations["post"]
        query = {one["name"]: one["example"] for one in operation["parameters"] if one.get("required")}
        for example in operation["requestBody"]["content"]["application/json"]["examples"].values():
            yield path, query, operation, example["value"]


def validate(document: dict[str, Any], content: dict[str, Any], value: Any) -> None:
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_example_is_valid_and_its_answer_is_as_described(http: httpx.Client, path: str) -> None:
    document = http.get(path).raise_for_status().json()
    asked = set()
    for route, query, operation, body in examples(document):
        validate(document, operation["requestBody"]["content"], body)
        response = http.post(route, params=query, json=body)
        assert response.status_code == 200, response.text
        validate(document, operation["responses"]["200"]["content"], response.json())
        asked.add(route)
    assert asked == set(document["paths"])


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_document_has_the_structure_of_openapi_3_1(http: httpx.Client, path: str) -> None:
    document = http.get(path).json()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1"
    identifiers = []
    for route, operations in document["paths"].items():
        assert not re.search(r"[{}]", route)
        assert operations["post"]["summary"]
        identifiers.append(operations["post"]["operationId"])
        for status, response in operations["post"]["responses"].items():
            assert re.fullmatch(r"[245]\d\d", status)
            assert response["description"]
    assert len(identifiers) == len(set(identifiers))
    used = set(re.findall(r"#/components/schemas/([\w.-]+)", str(document)))
    assert used == set(document["components"]["schemas"])


def test_a_tensor_models_names_types_and_sizes_are_its_signatures(http: httpx.Client) -> None:
    document = http.get("/models/adder/openapi.json").json()
    body = document["paths"]["/predict/adder"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    inputs = body["properties"]["inputs"]
    assert inputs["required"] == ["left", "right", "count"]
    assert inputs["properties"]["left"]["items"]["minItems"] == inputs["properties"]["left"]["items"]["maxItems"] == 2
    assert inputs["properties"]["count"]["items"] == {
        "type": "integer",
        "minimum": -(2**31),
        "maximum": 2**31 - 1,
    }
    assert "`left` float32 [-1, 2]" in document["info"]["description"]


@pytest.mark.parametrize(("name", "labels"), [("sentiment", ["negative", "neutral", "positive"]), ("topic", 4)])
def test_a_text_models_labels_are_told(http: httpx.Client, name: str, labels: Any) -> None:
    document = http.get(f"/models/{name}/openapi.json").json()
    answers = document["paths"][f"/predict/{name}"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    told = answers["properties"]["label"]["enum"]
    assert labels in (told, len(told))
    assert answers["properties"]["predictions"]["items"]["properties"]["label"]["enum"] == told


def test_a_version_s_document_asks_that_version_only(
    tmp_path: Path, build_sentiment: Callable[..., Path], listening: Callable[..., Any]
) -> None:
    for version in (1, 2):
        build_sentiment(tmp_path, version=version)
    (tmp_path / "sentiment/serving.json").write_text('{"default": 2, "labels": {"stable": 1}}')
    with (
        listening(create_app(Settings(models_dir=tmp_path, access_log=False))) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=30) as http,
    ):
        document = http.get("/models/sentiment/versions/1/openapi.json").json()
        for route, query, _, body in examples(document):
            answer = http.post(route, params=query, json=body).raise_for_status().json()
            assert answer.get("version", 1) == 1
            assert answer.get("model_version", "1") == "1"
        pins = http.get("/models/sentiment/openapi.json").json()["paths"]["/predict/sentiment"]["post"]["parameters"]
    assert [(pin["name"], pin["schema"]["enum"]) for pin in pins[:2]] == [("version", [1, 2]), ("label", ["stable"])]


def test_a_labelled_models_classes_are_told(
    tmp_path: Path, build_tensor: Callable[..., Path], listening: Callable[..., Any]
) -> None:
    build_tensor(tmp_path, labels=["cat", "dog"])
    with (
        listening(create_app(Settings(models_dir=tmp_path, access_log=False))) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=30) as http,
    ):
        document = http.get("/models/adder/openapi.json").json()
        operation = document["paths"]["/predict/adder"]["post"]
        (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
        answer = http.post("/predict/adder", json=example["value"]).raise_for_status().json()
    described = operation["responses"]["200"]["content"]
    validate(document, described, answer)
    row = described["application/json"]["schema"]["properties"]["predictions"]["items"]
    assert row["properties"]["label"]["enum"] == ["cat", "dog"]
    assert set(row["required"]) == {"label", "score", "probabilities", "outputs"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/models/adderr/openapi.json", 404),
        ("/models/adder/versions/9/openapi.json", 404),
        ("/models/adder/versions/one/openapi.json", 422),
    ],
)
def test_what_is_not_served_has_no_document(http: httpx.Client, path: str, status: int) -> None:
    response = http.get(path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_every_model_names_its_document(http: httpx.Client) -> None:
    for model in http.get("/models").json()["models"]:
        assert http.get(model["openapi"]).json()["info"]["title"] == model["name"]
        for version in http.get(f"/models/{model['name']}").json()["details"]:
            assert http.get(version["openapi"]).status_code == 200
