"""Predict, Classify and Regress as they are asked: strings, several tensors, encodings, headers, metrics."""

import gzip
import json
from collections.abc import Callable

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDED = {
    "instances": [
        {"left": [1, 2], "right": [3, 4], "count": 5},
        {"left": [0.5, 0], "right": [0, 0.25], "count": -1},
    ]
}


async def test_several_tensors_in_and_out_by_rows_and_by_columns(client: httpx.AsyncClient) -> None:
    by_rows = await client.post("/v1/models/adder:predict", json=ADDED)
    assert by_rows.json() == {"predictions": [{"sum": [4, 6], "tripled": 15}, {"sum": [0.5, 0.25], "tripled": -3}]}
    columns = {name: [row[name] for row in ADDED["instances"]] for name in ("left", "right", "count")}
    by_columns = await client.post("/v1/models/adder:predict", json={"inputs": columns})
    assert by_columns.json() == {"outputs": {"sum": [[4, 6], [0.5, 0.25]], "tripled": [15, -3]}}


async def test_a_model_with_a_task_is_asked_by_its_own_tensors(client: httpx.AsyncClient) -> None:
    body = {"instances": [[2, 0, 0, 0, 0, 0]]}
    (row,) = (await client.post("/v1/models/sentiment:predict", json=body)).json()["predictions"]
    assert row == pytest.approx([1 / (1 + 2.718281828**-3)], rel=1e-5)
    (classes,) = (
        await client.post("/v1/models/sentiment:classify", json={"examples": [{"tokens": [2, 0, 0, 0, 0, 0]}]})
    ).json()["results"]
    assert [label for label, _ in classes] == ["negative", "positive"]


async def test_strings_go_in_as_text_or_base64_and_come_out_as_the_names_say(served: httpx.AsyncClient) -> None:
    body = {"instances": ["héllo", {"b64": "5aW9"}]}
    assert (await served.post("/v1/models/echo:predict", json=body)).json() == {
        "predictions": [
            {"text": "héllo", "text_bytes": {"b64": "aMOpbGxv"}},
            {"text": "好", "text_bytes": {"b64": "5aW9"}},
        ]
    }


async def test_nan_and_infinity_are_bare_words_in_and_out(served: httpx.AsyncClient) -> None:
    response = await served.post("/v1/models/half_plus_two:predict", content=b'{"instances": [NaN, -Infinity, 1]}')
    assert response.content == b'{"predictions":[NaN,-Infinity,2.5]}'


async def test_a_context_stands_for_the_features_that_an_example_leaves_out(served: httpx.AsyncClient) -> None:
    body = {"context": {"x": 2.0}, "examples": [{}, {"x": 4}]}
    assert (await served.post("/v1/models/half_plus_two:regress", json=body)).json() == {"results": [3.0, 4.0]}


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}])
async def test_the_type_of_a_body_does_not_matter(served: httpx.AsyncClient, headers: dict) -> None:
    body = b'{"instances": [1]}'
    response = await served.post("/v1/models/half_plus_two:predict", content=body, headers=headers)
    assert response.json() == {"predictions": [2.5]}


async def test_a_body_may_be_packed(served: httpx.AsyncClient) -> None:
    body = gzip.compress(b'{"instances": [1]}')
    packed = {"Content-Encoding": "gzip"}
    response = await served.post("/v1/models/half_plus_two:predict", content=body, headers=packed)
    assert response.json() == {"predictions": [2.5]}


async def test_the_case_of_a_path_does_not_matter_but_that_of_a_model_does(served: httpx.AsyncClient) -> None:
    body = {"instances": [1]}
    assert (await served.post("/V1/MODELS/half_plus_two:PREDICT", json=body)).status_code == 200
    assert (await served.get("/V1/Models/half_plus_two/Metadata")).status_code == 200
    assert (await served.post("/v1/models/HALF_PLUS_TWO:predict", json=body)).status_code == 404


async def test_a_request_is_counted_under_its_route_and_model_and_nothing_that_was_made_up(
    serving: Callable, sum_of: Callable
) -> None:
    async with serving() as client:
        await client.post("/v1/models/adder:predict", json=ADDED)
        await client.post("/v1/models/adder/versions/1:predict", json={})
        await client.post("/v1/models/made-up/labels/made-up:predict", json={})
        await client.get("/v1/models/adder/metadata")
        await client.get("/v1/made-up")
        text = (await client.get("/metrics")).text
    requests = "horngate_requests_total"
    assert sum_of(text, requests, route="/v1/models/{model}:predict", model="adder", version="1", code="200") == 1
    pinned = "/v1/models/{model}/versions/{version}:predict"
    assert sum_of(text, requests, route=pinned, model="adder", code="400") == 1
    assert sum_of(text, requests, route="/v1/models/{model}/labels/{label}:predict", model="", code="404") == 1
    assert sum_of(text, requests, route="/v1/models/{model}/metadata", code="200") == 1
    assert sum_of(text, requests, route="unmatched", code="400") == 1
    assert sum_of(text, "horngate_stage_seconds_count", model="adder", stage="infer") == 1
    assert "made-up" not in text


async def test_a_request_has_its_own_id_deadline_and_priority(served: httpx.AsyncClient) -> None:
    path, body = "/v1/models/half_plus_two:predict", json.dumps({"instances": [1]})
    fine = {"X-Request-ID": "mine", "X-Request-Timeout-Ms": "20000", "X-Priority": "low"}
    response = await served.post(path, content=body, headers=fine)
    assert (response.status_code, response.headers["x-request-id"]) == (200, "mine")
    response = await served.post(path, content=body, headers={"X-Priority": "urgent"})
    assert (response.status_code, response.json().keys()) == (400, {"error"})
