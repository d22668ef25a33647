"""The three models that are shipped, through the real command with several workers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from app.repository.manifest import read_manifest, verify_files

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
SHIPPED = ("digit", "sentiment", "topic")
MEBIBYTES = 2**20


def newest(name: str) -> Path:
    """The folder of the version that is served."""
    return max((MODELS / name).glob("[0-9]*"), key=lambda folder: int(folder.name))


pytestmark = pytest.mark.skipif(
    not all(list((MODELS / name).glob("*/manifest.json")) for name in SHIPPED),
    reason="models/ does not hold the three trained models",
)


@pytest.fixture(scope="module")
def server(serve: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    """Two workers over the shipped models."""
    with serve(MODELS) as server:
        yield server


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("A wonderful film, I loved every minute", "positive"),
        ("这是一部非常棒的电影！", "positive"),
        ("A dreadful film, boring from the first minute to the last", "negative"),
        ("太差了，非常失望，再也不会买了。", "negative"),
    ],
)
def test_sentiment_in_both_languages(server: Any, text: str, label: str) -> None:
    answer = server.post("/predict/sentiment", json={"text": text}).json()
    assert answer["label"] == label, answer
    assert answer["score"] == max(answer["probabilities"].values())


def test_business_news_is_business(server: Any) -> None:
    answer = server.post("/predict/topic", json={"text": "Stocks fell as oil prices hit a record high"}).json()
    assert answer["label"] == "Business", answer
    assert list(answer["probabilities"]) == ["World", "Sports", "Business", "Sci/Tech"]


def test_the_picture_of_a_seven_is_a_seven(server: Any) -> None:
    picture = (ROOT / "docs/images/seven.png").read_bytes()
    answer = server.post("/predict/digit", content=picture, headers={"content-type": "image/png"}).json()
    assert answer["digit"] == 7, answer
    assert len(answer["probabilities"]) == 10


def test_all_three_are_ready_and_nothing_else_is_there(server: Any) -> None:
    assert server.get("/health/ready").json()["status"] == "ok"
    health = server.get("/health").json()
    assert (health["status"], health["failures"]) == ("ready", [])
    assert [served["model"] for served in health["models"]] == list(SHIPPED)


def test_every_card_and_signature_is_told(server: Any) -> None:
    for name in SHIPPED:
        version = server.get(f"/models/{name}/versions/{newest(name).name}").json()
        assert version["model_card"].startswith("# "), name
        assert version["statistics"]["accuracy"] > 0.8, name
        assert version["signature"]["inputs"], name


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_of_every_document_works(server: Any, name: str) -> None:
    own = server.get(server.get(f"/models/{name}").json()["openapi"]).json()["paths"]
    assert len(own) >= 2
    predict = f"/predict/{name}"
    for path, operations in [*own.items(), (predict, server.get("/openapi.json").json()["paths"][predict])]:
        body = operations["post"]["requestBody"]["content"]["application/json"]
        for example in body["examples"].values():
            response = server.post(path, json=example["value"])
            assert response.status_code == 200, (path, response.text)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_manifest_vouches_for_every_file_and_no_file_is_without(name: str) -> None:
    folder = newest(name)
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files - {"manifest.json"} == set(manifest.files)
    assert {"saved_model.pb", "model.onnx", "report.json", "MODEL_CARD.md"} <= files


def test_together_they_are_small_enough_to_be_committed() -> None:
    size = sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file())
    assert size < 40 * MEBIBYTES
