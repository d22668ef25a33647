"""What is served: names, versions, labels, signatures, plans and cards."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


async def test_every_model_is_listed(client: httpx.AsyncClient) -> None:
    models = (await client.get("/models")).json()["models"]
    assert [model["name"] for model in models] == ["adder", "digit", "sentiment", "topic"]
    assert models[2] == {
        "name": "sentiment",
        "task": "sentiment",
        "versions": [1],
        "default": 1,
        "labels": {},
        "openapi": "/models/sentiment/openapi.json",
    }


@pytest_asyncio.fixture(loop_scope="module")
async def several(
    serving: Serving, tmp_path: Path, build_sentiment: Callable[..., Path]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of versions 1 (labelled `stable`) and 2, the default, which has a card."""
    build_sentiment(tmp_path, version=1, statistics={"accuracy": 0.875})
    folder = build_sentiment(tmp_path, version=2)
    (folder / "MODEL_CARD.md").write_text("# Karte für Ältere\n", encoding="utf-8")
    (tmp_path / "sentiment/serving.json").write_text('{"default": 2, "labels": {"stable": 1}}')
    async with serving(tmp_path) as client:
        yield client


async def test_a_model_has_its_versions_in_full_newest_first(several: httpx.AsyncClient) -> None:
    model = (await several.get("/models/sentiment")).json()
    assert (model["default"], model["versions"], model["labels"]) == (2, [2, 1], {"stable": 1})
    newest, oldest = model["details"]
    assert (newest["version"], oldest["version"]) == (2, 1)
    assert oldest["statistics"] == {"accuracy": 0.875}
    assert newest["state"] == "ready"
    assert newest["labels"] == ["negative", "positive"]
    assert newest["signature"] == {
        "inputs": [{"name": "tokens", "dtype": "int32", "shape": [None, 6]}],
        "outputs": [{"name": "probabilities", "dtype": "float32", "shape": [None, 1]}],
    }
    assert newest["plan"]["runtime"] == "onnx"
    assert newest["plan"]["batch_seconds"] == {"8": 0.0001}
    assert newest["running"] == {
        "runtime": "onnx",
        "threads": 1,
        "instances": 1,
        "max_batch_rows": 8,
        "place": "event loop",
        "why": [],
        "is_degraded": False,
    }
    assert newest["model_card"] is None


async def test_a_plan_that_makes_no_sense_is_null_and_what_really_runs_says_why(
    serving: Serving, tmp_path: Path, build_topic: Callable[..., Path]
) -> None:
    path = build_topic(tmp_path) / "manifest.json"
    path.write_text(path.read_text().replace('"max_batch_rows": 8', '"max_batch_rows": 0'))
    async with serving(tmp_path) as client:
        (version,) = (await client.get("/models/topic")).json()["details"]
        served = (await client.get("/health")).json()["models"][0]
    assert version["plan"] is None
    assert version["running"]["is_degraded"] is True
    assert version["running"]["why"][0].startswith("manifest.json is not valid at plan.max_batch_rows: ")
    assert served["runtime"] == version["running"]["runtime"]


async def test_a_version_comes_with_its_card_where_it_has_one(several: httpx.AsyncClient) -> None:
    assert (await several.get("/models/sentiment/versions/2")).json()["model_card"] == "# Karte für Ältere\n"
    assert (await several.get("/models/sentiment/versions/1")).json()["model_card"] is None


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/models/sentimental", 404, "no model is called 'sentimental'; did you mean 'sentiment'?"),
        ("/models/zzz", 404, "no model is called 'zzz'; served: adder, digit, sentiment, topic"),
        ("/models/zzz/versions/1", 404, "no model is called 'zzz'"),
        ("/models/sentiment/versions/7", 404, "version 7 of sentiment is not served; served: 1"),
        ("/models/sentiment/versions/0", 404, "version 0 of sentiment is not served; served: 1"),
        ("/models/sentiment/versions/one", 422, "expected a whole number as version in the path; received 'one'"),
        ("/models/sentiment/versions/" + "9" * 5000, 422, "expected a whole number as version in the path"),
    ],
)
async def test_what_is_not_there_is_a_problem_with_the_nearest_name(
    client: httpx.AsyncClient, path: str, status: int, detail: str
) -> None:
    response = await client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert detail in response.json()["detail"]
