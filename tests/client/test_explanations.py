"""Explanations as the client gives them; what the server answers is real, but for answers that none gives."""

import json
import sys
from typing import Any

import httpx
import numpy as np
import pytest

from app.client import (
    DigitExplanation,
    Horngate,
    NotFound,
    RequestRefused,
    Scores,
    ServerFailed,
    TensorExplanation,
    TextExplanation,
)
from app.client.exchange import Reply
from app.client.explanations import explanation_in

TEXT = "A GOOD film, bad 好"
BAR = np.pad(np.full((20, 4), 255, np.uint8), ((4, 4), (4, 20)))


def digit_answer(**other: Any) -> bytes:
    scores = {"score": 1.0, "baseline": 0.5, "sum": 0.5, "difference": 0.5}
    grids = dict.fromkeys(("picture", "contributions", "log_odds_contributions"), [[0.0] * 28] * 28)
    prediction = {"digit": 3, "score": 1.0, "probabilities": [0.0] * 10}
    shared = {"model": "m", "version": 2, "prediction": prediction, "explained": 3, "method": {"name": "occlusion"}}
    return json.dumps({**scores, "log_odds": scores, **grids, **shared, **other}).encode()


def test_each_word_of_a_text_has_its_place_and_its_share(url: str) -> None:
    with Horngate(url) as client:
        found = client.explain("sentiment", TEXT)
    assert isinstance(found, TextExplanation)
    assert (found.model, found.version, found.explained, found.prediction.label) == (
        "sentiment", 1, "positive", "positive"
    )  # fmt: skip
    assert [TEXT[word.start : word.end] for word in found.tokens] == [word.token for word in found.tokens]
    assert {word.token: round(word.log_odds) for word in found.tokens if round(word.log_odds)} == {
        "GOOD": 3, "bad": -3, "好": 3
    }  # fmt: skip
    assert found.sum == pytest.approx(sum(word.contribution for word in found.tokens), abs=1e-5)
    assert found.difference == pytest.approx(found.score - found.baseline, abs=1e-5)
    assert found.log_odds.sum == pytest.approx(3, abs=1e-3)
    assert found.seen == (0, len(TEXT))
    assert found.method["name"] == "occlusion"
    assert found.origin.request_id


def test_each_pixel_of_a_picture_has_its_share(url: str, photo: np.ndarray, image_file: bytes) -> None:
    with Horngate(url) as client:
        found = client.explain("digit", BAR)
        photographed, from_file = (client.explain("digit", form) for form in (photo, image_file))
    assert isinstance(found, DigitExplanation)
    assert (found.explained, found.prediction.digit) == (1, 1)
    assert np.array_equal(found.picture, BAR / 255)
    assert found.contributions.dtype == np.float64
    assert found.log_odds_contributions[8:20, 4:8].min() > 0
    assert found.contributions.sum() == pytest.approx(found.sum, abs=1e-5)
    assert np.array_equal(photographed.contributions, from_file.contributions)


def test_another_class_and_fewer_rows_can_be_asked_for(url: str) -> None:
    with Horngate(url) as client:
        against = client.explain("sentiment", TEXT, "negative", rows=4, version=1)
        assert (against.explained, against.prediction.label, against.method["rows"]) == ("negative", "positive", 4)
        assert client.explain("digit", BAR, 7).log_odds.sum < 0


def test_what_the_server_refuses_is_told(url: str) -> None:
    with Horngate(url) as client:
        with pytest.raises(RequestRefused, match="did you mean 'negative'"):
            client.explain("sentiment", TEXT, "negativ")
        with pytest.raises(RequestRefused, match="one input"):
            client.explain("sentiment", [TEXT])
        with pytest.raises(RequestRefused, match="explained"):
            client.explain("adder", {"left": [[1, 2]], "right": [[3, 4]], "count": [5]})
        with pytest.raises(NotFound, match="version 9"):
            client.explain("topic", TEXT, version=9)


async def test_the_asynchronous_client_explains_the_same(serving: Any, asking: Any) -> None:
    async with serving() as app, asking(app) as client:
        words = (await client.explain("topic", "oil goal", "Sports")).tokens
        assert [round(word.log_odds) > 0 for word in words] == [False, True]
        assert (await client.explain("digit", BAR)).explained == 1


async def test_an_explanation_is_asked_for_again_as_a_prediction_is(serving: Any, asking: Any) -> None:
    waits, requests = list[float](), list[httpx.Request]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    class Flaky(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            requests.append(request)
            if len(requests) == 2:
                return httpx.Response(503, headers={"Retry-After": "2"})
            return await httpx.ASGITransport(app).handle_async_request(request)

    async with serving() as app, asking(app, transport=Flaky(), sleep=wait, priority="low", timeout=20) as client:
        assert (await client.explain("sentiment", TEXT)).explained == "positive"
    assert [request.url.path for request in requests] == ["/models/sentiment", *["/explain/sentiment"] * 2]
    assert len(waits) == 1
    assert waits[0] >= 2
    assert all(0 < int(request.headers["X-Request-Timeout-Ms"]) <= 20_000 for request in requests)
    assert {request.headers["X-Priority"] for request in requests} == {"low"}


def tensor_answer(**other: Any) -> bytes:
    scores = {"score": 5.0, "baseline": 1.0, "sum": 4.0, "difference": 4.0}
    shared = {"model": "m", "version": 2, "method": {"name": "integrated_gradients"}, "output": "y", "explained": 1}
    content = {"prediction": {"outputs": {"y": [0.0, 5.0]}}, "contributions": {"x": [[1.0, 2.0]], "scale": 1.0}}
    return json.dumps({**scores, **shared, **content, **other}).encode()


def test_each_number_of_a_tensor_has_its_share() -> None:
    found = explanation_in(Reply(200, {}, tensor_answer()))
    assert isinstance(found, TensorExplanation)
    assert (found.output, found.explained, found.score, found.log_odds) == ("y", 1, 5, None)
    assert found.log_odds_contributions is None
    assert found.contributions["x"].shape == (1, 2)
    assert found.contributions["scale"] == 1
    assert found.prediction.outputs == {"y": [0, 5]}


def test_a_tensors_class_has_log_odds_too() -> None:
    scores = {"score": 1.0, "baseline": 0.0, "sum": 1.0, "difference": 1.0}
    told = {"explained": "dog", "log_odds": scores, "log_odds_contributions": {"x": [1.0]}}
    found = explanation_in(Reply(200, {}, tensor_answer(**told)))
    assert (found.explained, found.log_odds) == ("dog", Scores(**scores))
    assert found.log_odds_contributions["x"].tolist() == [1]


async def test_method_and_steps_are_asked_for_in_the_url(asking: Any) -> None:
    requests = list[httpx.Request]()
    signature = {"inputs": [], "outputs": []}
    version = {"version": 1, "task": "tensor", "state": "", "signature": signature, "labels": [], "statistics": {}}
    model = {"name": "m", "task": "tensor", "versions": [1], "default": 1, "labels": {}}

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        detail = {**model, "details": [{**version, "running": {"runtime": "tensorflow"}}]}
        return httpx.Response(200, content=tensor_answer()) if request.content else httpx.Response(200, json=detail)

    async with asking(None, transport=httpx.MockTransport(answer)) as client:
        found = await client.explain(
            "m", {"x": [[1, 2]]}, 1, method="integrated_gradients", steps=8, timeout=5, label="a"
        )
    assert isinstance(found, TensorExplanation)
    assert dict(requests[1].url.params) == {"class": "1", "method": "integrated_gradients", "steps": "8", "label": "a"}
    assert json.loads(requests[1].content) == {"inputs": {"x": [[1, 2]]}}


def test_a_method_that_the_runtime_does_not_have_is_told_with_what_to_do(url: str) -> None:
    with Horngate(url) as client, pytest.raises(RequestRefused, match="--runtimes tensorflow"):
        client.explain("digit", BAR, method="integrated_gradients")


def test_without_numpy_a_grid_is_nested_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    found = explanation_in(Reply(200, {}, digit_answer()))
    assert isinstance(found, DigitExplanation)
    assert found.contributions == [[0.0] * 28] * 28


@pytest.mark.parametrize("body", [b"{}", b"null", digit_answer(log_odds={"score": 1}), digit_answer(prediction=None)])
def test_an_answer_that_is_not_ours_is_no_explanation(body: bytes) -> None:
    with pytest.raises(ServerFailed, match="is the URL right"):
        explanation_in(Reply(200, {}, body))
