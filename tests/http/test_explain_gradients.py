"""Integrated gradients through the application; the runtime is the fake, with gradients found by hand."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio

from app.errors import InferenceFailed
from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.inference.runtimes.fake import FakeRuntime
from app.inference.runtimes.gradients import ASKED, SHARE, Aims, packed
from app.inference.sizing import Sizing
from app.lifecycle.registry import Registry
from app.lifecycle.running import Running
from app.lifecycle.served_model import ServedModel
from app.repository.manifest import Manifest, Plan
from app.repository.manifest import Tensors as Specs
from app.repository.scanner import VersionFolder
from app.tasks.digit import DigitTask
from app.tasks.tensor import TensorTask
from app.types import Signature, Tensors, TensorSpec

pytestmark = pytest.mark.asyncio(loop_scope="module")

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
WAIT_SECONDS = 20.0
GRADIENTS = "method=integrated_gradients"
LEFT_BAR = [[float(4 <= row < 24 and 4 <= column < 8) for column in range(28)] for row in range(28)]

DIGITS = Signature(
    (TensorSpec("pixels", "float32", (None, 28, 28, 1)),), (TensorSpec("probabilities", "float32", (None, 10)),)
)
MIXED = Signature(
    (TensorSpec("x", "float32", (None, 2)), TensorSpec("count", "int32", (None,))),
    (TensorSpec("whole", "int32", (None,)), TensorSpec("value", "float32", (None, 2))),
)
LABELLED = Signature((TensorSpec("x", "float32", (None, 2)),), (TensorSpec("odds", "float32", (None, 1)),))
WHOLE = Signature((TensorSpec("count", "int32", (None,)),), (TensorSpec("value", "float32", (None,)),))


def digits(tensors: Tensors) -> dict[str, np.ndarray]:
    """Ten sums of pixels, softmax; the gradient of a class's log-odds against all others."""
    weights = np.zeros((28, 28, 10))
    weights[:, :14, 1] = weights[:, 14:, 7] = 0.1
    logits = tensors["pixels"].reshape(-1, 784) @ weights.reshape(784, 10)
    exponentials = np.exp(logits)
    probabilities = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    if ASKED not in tensors:
        return {"probabilities": probabilities}
    chosen = np.eye(10)[Aims.of(tensors[ASKED], DIGITS).elements]
    others = exponentials * (1 - chosen)
    directions = chosen - others / others.sum(axis=1, keepdims=True)
    gradients = (directions @ weights.reshape(784, 10).T).reshape(tensors["pixels"].shape)
    return {"probabilities": packed(probabilities, [gradients])}


def mixed(tensors: Tensors) -> dict[str, np.ndarray]:
    """`value` is the sum of the squares times `count`, and three times the first number."""
    x, count = tensors["x"], tensors["count"].astype(np.float32)
    value = np.stack([(x**2).sum(axis=1) * count, 3 * x[:, 0]], axis=1)
    whole = tensors["count"] * 2
    if ASKED not in tensors:
        return {"whole": whole, "value": value}
    of_second = np.tile(np.array([3, 0], np.float32), (len(x), 1))
    is_first = Aims.of(tensors[ASKED], MIXED).elements[:, np.newaxis] == 0
    return {"whole": whole, "value": packed(value, [np.where(is_first, 2 * x * count[:, np.newaxis], of_second)])}


def labelled(tensors: Tensors) -> dict[str, np.ndarray]:
    """The second class's log-odds are the first number less the second."""
    x = tensors["x"]
    odds = (1 / (1 + np.exp(x[:, 1] - x[:, 0])))[:, np.newaxis].astype(np.float32)
    if ASKED not in tensors:
        return {"odds": odds}
    sign = np.where(Aims.of(tensors[ASKED], LABELLED).elements == 1, 1, -1)
    return {"odds": packed(odds, [sign[:, np.newaxis] * np.array([1, -1], np.float32)])}


def worded(tensors: Tensors) -> dict[str, np.ndarray]:
    """The tiny model of sentiment; along each lookup the log-odds grow by the word's weight."""
    weights = np.array([0, 0, 3, -3, 0, 0, 0, 3, -3], np.float32)[tensors["tokens"]]
    shares = tensors.get(SHARE, np.ones(len(weights), np.float32))
    positive = (1 / (1 + np.exp(-(weights.sum(axis=1) * shares))))[:, np.newaxis].astype(np.float32)
    if ASKED not in tensors:
        return {"probabilities": positive}
    sign = np.where(tensors[ASKED][:, 1] == 1, 1, -1)[:, np.newaxis]
    return {"probabilities": packed(positive, [sign * weights])}


def rounding(tensors: Tensors) -> dict[str, np.ndarray]:
    """Odds outside of 0 and 1 for a large input; otherwise rounded, with no gradient."""
    odds = np.round(np.abs(tensors["x"][:, :1]))
    return {"odds": packed(odds, [np.zeros_like(tensors["x"])]) if ASKED in tensors else odds}


def undefined(tensors: Tensors) -> dict[str, np.ndarray]:
    """A gradient that is no number."""
    odds = tensors["x"][:, :1] * 0 + 0.5
    return {"odds": packed(odds, [np.full_like(tensors["x"], np.nan)]) if ASKED in tensors else odds}


@dataclass
class Held:
    """`labelled`, whose gradients wait until the test lets them go."""

    started: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def answer(self, tensors: Tensors) -> dict[str, np.ndarray]:
        if ASKED in tensors:
            self.started.set()
            if not self.release.wait(WAIT_SECONDS):
                raise InferenceFailed("nobody let it go")
        return labelled(tensors)


def serve(
    registry: Registry,
    name: str,
    signature: Signature,
    answer: Callable[[Tensors], dict[str, np.ndarray]],
    *,
    labels: tuple[str, ...] = (),
    **other: Any,
) -> ServedModel:
    """Serve a fake as if TensorFlow ran it."""
    is_digit = signature is DIGITS
    plan = Plan(runtime=other.get("runtime", "tensorflow"), max_batch_rows=8)
    manifest = Manifest(
        name=name,
        version=1,
        task="digit" if is_digit else "tensor",
        signature=Specs.of(signature),
        plan=plan,
        files={},
        labels=labels,
    )
    pool = Pool([FakeRuntime(signature, answer)])
    observer = registry.resolve("adder").observer
    batcher = Batcher(pool, signature, observer, sizing=Sizing(8), max_queue_rows=other.get("queue", 200))
    task = DigitTask(signature) if is_digit else TensorTask(signature, labels)
    folder = VersionFolder(name, 1, Path(name) / "1")
    model = ServedModel(folder, manifest, signature, task, batcher, pool, observer, Running.of(plan))
    registry.add(name, [model], 1, {})
    return model


def serve_text(registry: Registry, name: str, answer: Callable[[Tensors], dict[str, np.ndarray]]) -> None:
    """Serve a fake beside the tiny model of sentiment, whose task it has, as if TensorFlow ran it."""
    real = registry.resolve("sentiment")
    plan = Plan(runtime="tensorflow", max_batch_rows=8)
    pool = Pool([FakeRuntime(real.signature, answer)])
    batcher = Batcher(pool, real.signature, real.observer, sizing=Sizing(8), max_queue_rows=200)
    manifest, folder = real.manifest.model_copy(update={"name": name}), VersionFolder(name, 1, Path(name) / "1")
    model = replace(real, folder=folder, manifest=manifest, pool=pool, batcher=batcher, running=Running.of(plan))
    registry.add(name, [model], 1, {})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asked(serving: Serving, registry_of: Callable[..., Registry]) -> Any:
    """A client of an application with a model of each kind beside the tiny ones."""
    async with serving() as client:
        registry = registry_of(client.app)
        serve(registry, "drawn", DIGITS, digits)
        serve_text(registry, "worded", worded)
        serve(registry, "mixed", MIXED, mixed)
        serve(registry, "misnamed", MIXED, mixed, labels=("a", "b", "c"))
        serve(registry, "labelled", LABELLED, labelled, labels=("no", "yes"))
        serve(registry, "rounding", LABELLED, rounding, labels=("no", "yes"))
        serve(registry, "undefined", LABELLED, undefined, labels=("no", "yes"))
        serve(registry, "whole", WHOLE, lambda tensors: {"value": tensors["count"] * 1.0})
        serve(registry, "elsewhere", LABELLED, labelled, labels=("no", "yes"), runtime="onnx")
        yield client


async def ask(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_the_pixels_sum_to_the_difference_on_both_scales(asked: httpx.AsyncClient) -> None:
    answer = await ask(asked, f"/explain/drawn?{GRADIENTS}", pixels=LEFT_BAR)
    predicted = await ask(asked, "/predict/drawn", pixels=LEFT_BAR)
    assert answer["prediction"] == {name: predicted[name] for name in ("digit", "score", "probabilities")}
    assert (answer["explained"], answer["picture"]) == (1, LEFT_BAR)
    for scale, field_name, within in (
        (answer, "contributions", 2e-3),
        (answer["log_odds"], "log_odds_contributions", 1e-4),
    ):
        grid = np.array(answer[field_name])
        assert scale["sum"] == pytest.approx(grid.sum(), abs=1e-5)
        assert scale["sum"] == pytest.approx(scale["difference"], abs=within)
        assert scale["difference"] == pytest.approx(scale["score"] - scale["baseline"], abs=2e-6)
        assert grid[8:20, 4:8].min() > 0
        assert not grid[:, 8:].any()
    method = answer["method"]
    assert (method["name"], method["steps"], method["rows"]) == ("integrated_gradients", 64, 66)
    assert "arXiv:1703.01365" in method["source"]


async def test_another_class_and_other_steps_can_be_asked_for(asked: httpx.AsyncClient) -> None:
    answer = await ask(asked, f"/explain/drawn?{GRADIENTS}&class=7&steps=5", pixels=LEFT_BAR)
    assert (answer["explained"], answer["prediction"]["digit"]) == (7, 1)
    assert (answer["method"]["steps"], answer["method"]["rows"]) == (5, 7)
    assert np.max(answer["log_odds_contributions"]) == 0
    assert answer["log_odds"]["sum"] < -1


async def test_an_empty_picture_has_no_shares(asked: httpx.AsyncClient) -> None:
    answer = await ask(asked, f"/explain/drawn?{GRADIENTS}", pixels=[[0] * 28] * 28)
    assert (answer["sum"], answer["difference"]) == (0, 0)
    assert not np.any(answer["contributions"])


async def test_planted_words_sum_to_the_difference(asked: httpx.AsyncClient) -> None:
    text = "A GOOD film, bad 好"
    answer = await ask(asked, f"/explain/worded?{GRADIENTS}", text=text)
    predicted = await ask(asked, "/predict/worded", text=text)
    assert answer["prediction"] == {name: predicted[name] for name in ("label", "score", "probabilities")}
    assert {word["token"]: round(word["log_odds"], 4) for word in answer["tokens"]} == {
        "A": 0, "GOOD": 3, "film": 0, ",": 0, "bad": -3, "好": 3
    }  # fmt: skip
    assert answer["explained"] == "positive"
    assert answer["log_odds"] == pytest.approx({"score": 3, "baseline": 0, "sum": 3, "difference": 3}, abs=1e-4)
    assert answer["sum"] == pytest.approx(sum(word["contribution"] for word in answer["tokens"]), abs=1e-5)
    assert answer["sum"] == pytest.approx(answer["difference"], abs=1e-3)
    assert answer["seen"] == {"start": 0, "end": len(text)}
    assert (answer["method"]["name"], answer["method"]["steps"]) == ("integrated_gradients", 16)
    against = await ask(asked, f"/explain/worded?{GRADIENTS}&class=negative&steps=3", text="good")
    assert (against["explained"], against["tokens"][0]["log_odds"]) == ("negative", pytest.approx(-3, abs=1e-4))


async def test_a_tensors_numbers_share_the_outputs_largest_number(asked: httpx.AsyncClient) -> None:
    row = {"x": [[2, -1]], "count": [3]}
    answer = await ask(asked, f"/explain/mixed?{GRADIENTS}", inputs=row)
    assert (answer["output"], answer["explained"], answer["score"], answer["baseline"]) == ("value", 0, 15, 0)
    assert answer["contributions"] == {"x": [pytest.approx(12), pytest.approx(3)]}
    assert answer["sum"] == pytest.approx(15)
    assert answer["prediction"] == {"outputs": {"whole": 6, "value": [15, 6]}}
    assert "log_odds" not in answer
    other = await ask(asked, f"/explain/mixed?{GRADIENTS}&class=1", inputs=row)
    assert (other["explained"], other["score"], other["contributions"]) == (1, 6, {"x": [6, 0]})


async def test_labels_that_name_no_output_are_no_classes(asked: httpx.AsyncClient) -> None:
    answer = await ask(asked, f"/explain/misnamed?{GRADIENTS}&class=1", inputs={"x": [[2, -1]], "count": [3]})
    assert (answer["explained"], answer["contributions"]) == (1, {"x": [6, 0]})


async def test_a_labelled_models_class_is_explained_as_a_digits_is(asked: httpx.AsyncClient) -> None:
    answer = await ask(asked, f"/explain/labelled?{GRADIENTS}", inputs=[[2, -1]])
    assert (answer["explained"], answer["prediction"]["label"]) == ("yes", "yes")
    assert answer["log_odds"] == pytest.approx({"score": 3, "baseline": 0, "sum": 3, "difference": 3}, abs=1e-5)
    assert answer["log_odds_contributions"]["x"] == pytest.approx([2, 1])
    assert answer["sum"] == pytest.approx(answer["difference"], abs=1e-4)
    against = await ask(asked, f"/explain/labelled?{GRADIENTS}&class=no", inputs=[[2, -1]])
    assert against["log_odds_contributions"]["x"] == pytest.approx([-2, -1])
    assert against["explained"] == "no"


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("digit?method=gradients", {"pixels": LEFT_BAR}, "occlusion or integrated_gradients in ?method"),
        (f"digit?{GRADIENTS}", {"pixels": LEFT_BAR}, "horngate calibrate digit/1 --runtimes tensorflow"),
        (f"elsewhere?{GRADIENTS}", {"inputs": [[1, 1]]}, "a model that TensorFlow runs, for gradients"),
        (f"sentiment?{GRADIENTS}", {"text": "good"}, "horngate calibrate sentiment/1 --runtimes tensorflow"),
        (f"whole?{GRADIENTS}", {"inputs": [1]}, "a model with an input of floating-point numbers; received int32"),
        ("labelled", {"inputs": [[1, 1]]}, "explained by occlusion; ask for ?method=integrated_gradients"),
        ("mixed?method=occlusion", {"inputs": {}}, "digit, sentiment, topic, which alone"),
        (f"drawn?{GRADIENTS}&steps=0", {"pixels": LEFT_BAR}, "a positive whole number in ?steps"),
        (f"drawn?{GRADIENTS}&steps=257", {"pixels": LEFT_BAR}, "1 to 256 in ?steps; received 257"),
        (f"drawn?{GRADIENTS}&rows=9", {"pixels": LEFT_BAR}, "?steps, which bounds the method integrated_gradients"),
        ("drawn?steps=9", {"pixels": LEFT_BAR}, "?rows, which bounds the method occlusion; received ?steps"),
        (f"labelled?{GRADIENTS}&class=maybe", {"inputs": [[1, 1]]}, "no, yes in ?class"),
        (f"mixed?{GRADIENTS}&class=2", {"inputs": {"x": [[1, 1]], "count": [1]}}, "0 to 1 in ?class"),
        (f"mixed?{GRADIENTS}&class=x", {"inputs": {"x": [[1, 1]], "count": [1]}}, "0 to 1 in ?class"),
        (f"labelled?{GRADIENTS}", {"inputs": [[1, 1], [2, 2]]}, "/inputs: expected one row; received 2 rows"),
        (f"rounding?{GRADIENTS}", {"inputs": [[1.2, 0]]}, "an output 'odds' that depends smoothly on the inputs"),
        (f"rounding?{GRADIENTS}", {"inputs": [[7.1, 0]]}, "probabilities; received 7 to 7"),
    ],
)
async def test_what_has_no_gradients_is_refused_with_what_has(
    asked: httpx.AsyncClient, path: str, body: dict[str, Any], expected: str
) -> None:
    response = await asked.post(f"/explain/{path}", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "input_invalid")
    assert expected in response.json()["detail"]


async def test_gradients_that_are_no_numbers_are_a_failure(asked: httpx.AsyncClient) -> None:
    response = await asked.post(f"/explain/undefined?{GRADIENTS}", json={"inputs": [[1, 1]]})
    assert (response.status_code, response.json()["code"]) == (500, "inference_failed")


async def test_it_counts_as_one_answered_request(
    serving: Serving, registry_of: Callable[..., Registry], sum_of: Callable[..., float]
) -> None:
    async with serving() as client:
        serve(registry_of(client.app), "drawn", DIGITS, digits)
        response = await client.post(f"/explain/drawn?{GRADIENTS}", json={"pixels": LEFT_BAR})
        assert response.headers["x-model"] == "drawn/1"
        metrics = (await client.get("/metrics")).text
        assert sum_of(metrics, "horngate_requests_total", route="/explain/{model}", code="200", model="drawn") == 1
        assert sum_of(metrics, "horngate_stage_seconds_count", stage="infer", model="adder") == 1


async def test_a_full_queue_refuses_it(serving: Serving, registry_of: Callable[..., Registry]) -> None:
    held = Held()
    async with serving() as client:
        serve(registry_of(client.app), "held", LABELLED, held.answer, labels=("no", "yes"), queue=8)
        path, body = f"/explain/held?{GRADIENTS}", {"inputs": [[1, 1]]}
        first = asyncio.create_task(client.post(path, json=body))
        await asyncio.to_thread(held.started.wait, WAIT_SECONDS)
        refused = await client.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        held.release.set()
        assert (await first).status_code == 200


async def test_it_waits_no_longer_than_its_deadline(serving: Serving, registry_of: Callable[..., Registry]) -> None:
    held = Held()
    async with serving() as client:
        model = serve(registry_of(client.app), "held", LABELLED, held.answer, labels=("no", "yes"))
        hurried = {"X-Request-Timeout-Ms": "40"}
        late = await client.post(f"/explain/held?{GRADIENTS}", json={"inputs": [[1, 1]]}, headers=hurried)
        assert (late.status_code, late.json()["code"]) == (504, "deadline_exceeded")
        assert model.batcher.queued_rows == 0
        held.release.set()


async def test_a_prediction_that_is_not_answered_in_time_is_not_explained(
    serving: Serving, registry_of: Callable[..., Registry]
) -> None:
    release = threading.Event()

    def answer(tensors: Tensors) -> dict[str, np.ndarray]:
        release.wait(WAIT_SECONDS)
        return labelled(tensors)

    async with serving() as client:
        serve(registry_of(client.app), "slow", LABELLED, answer, labels=("no", "yes"))
        hurried = {"X-Request-Timeout-Ms": "40"}
        late = await client.post(f"/explain/slow?{GRADIENTS}", json={"inputs": [[1, 1]]}, headers=hurried)
        assert (late.status_code, late.json()["code"]) == (504, "deadline_exceeded")
        release.set()


async def test_a_client_that_leaves_takes_its_steps_with_it(
    serving: Serving, registry_of: Callable[..., Registry], eventually: Callable[..., object]
) -> None:
    held = Held()
    async with serving() as client:
        model = serve(registry_of(client.app), "held", LABELLED, held.answer, labels=("no", "yes"))
        waiting = asyncio.create_task(client.post(f"/explain/held?{GRADIENTS}", json={"inputs": [[1, 1]]}))
        await asyncio.to_thread(held.started.wait, WAIT_SECONDS)
        assert model.batcher.queued_rows > 0
        waiting.cancel()
        await asyncio.to_thread(eventually, lambda: model.batcher.queued_rows == 0)
        held.release.set()


async def test_the_document_of_a_model_shows_how_it_is_explained(asked: httpx.AsyncClient) -> None:
    paths = {
        name: (await asked.get(f"/models/{name}/openapi.json")).json()["paths"].get(f"/explain/{name}")
        for name in ("drawn", "mixed", "labelled", "elsewhere", "sentiment")
    }
    told = {
        name: {wish["name"]: wish["schema"] for wish in path["post"]["parameters"] if wish["in"] == "query"}
        for name, path in paths.items()
        if path
    }
    assert told.keys() == {"drawn", "mixed", "labelled", "sentiment"}
    assert told["drawn"]["method"]["enum"] == ["occlusion", "integrated_gradients"]
    assert "rows" not in told["mixed"]
    assert told["mixed"]["class"] == {"type": "integer", "minimum": 0}
    assert told["labelled"]["class"]["enum"] == ["no", "yes"]
    assert "steps" not in told["sentiment"]
    body = paths["mixed"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["inputs"]["properties"]["x"]["maxItems"] == 1
