"""Whatever is wrong with a request, the answer is a 4xx that says so, in TensorFlow Serving's shape."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v1/models/adder:predict"
ROW = {"left": [1, 2], "right": [3, 4], "count": 5}


def rows(**changes: object) -> dict:
    return {"json": {"instances": [ROW, {**ROW, **changes}]}}


def columns(**changes: object) -> dict:
    return {"json": {"inputs": {**{name: [value] for name, value in ROW.items()}, **changes}}}


REQUESTS = {
    "nothing": ({"content": b""}, "JSON object"),
    "no JSON": ({"content": b"instances = [1, 2]"}, "JSON object"),
    "no UTF-8": ({"content": b'{"instances": ["\xff"]}'}, "JSON object"),
    "no object": ({"content": b"[]"}, "an object as the body"),
    "10,000 levels": ({"content": b'{"instances":' + b"[" * 10_000 + b"]" * 10_000 + b"}"}, "recursion"),
    "150 levels": (columns(left=json.loads("[" * 150 + "1" + "]" * 150)), "/inputs/left"),
    "neither": ({"json": {}}, "either instances or inputs; received neither"),
    "both": ({"json": {"instances": [ROW], "inputs": {}}}, "received both"),
    "a misspelt key": ({"json": {"instance": [ROW]}}, "did you mean 'instances'"),
    "a key of another method": ({"json": {"examples": [ROW]}}, "the keys instances, inputs, signature_name"),
    "a signature that is no string": ({"json": {"signature_name": 100}}, "/signature_name: expected a string"),
    "an unknown signature": ({"json": {"signature_name": "x", "instances": [ROW]}}, "'serving_default'"),
    "no instances": ({"json": {"instances": []}}, "at least one instance"),
    "instances no list": ({"json": {"instances": ROW}}, "received dict"),
    "unnamed": ({"json": {"instances": [[1, 2]]}}, "a list of objects with the inputs left, right, count"),
    "unnamed columns": ({"json": {"inputs": [[1, 2]]}}, "an object with the inputs left, right, count"),
    "a misspelt input": ({"json": {"instances": [{**ROW, "lefty": 1}]}}, "did you mean 'left'"),
    "a misspelt column": (columns(rigth=[[1, 2]]), "did you mean 'right'"),
    "a missing input": ({"json": {"instances": [{"left": [1, 2], "count": 5}]}}, "an input 'right'; received none"),
    "a missing input of one row": ({"json": {"instances": [ROW, {"left": [1, 2]}]}}, "/instances/1: expected"),
    "a row of another shape": (rows(left=[1, 2, 3]), "ragged"),
    "rows of another shape": ({"json": {"instances": [{**ROW, "left": [1]}]}}, "[-1, 2] float32; received [1, 1]"),
    "columns of another shape": (columns(left=[[1, 2, 3]]), "expected [-1, 2] float32; received [1, 3] float32"),
    "a scalar": (columns(count=1), "expected [-1] int32; received [] int32"),
    "other rows": (columns(count=[1, 2]), "same number of rows"),
    "no rows": (columns(left=[], right=[], count=[]), "/inputs/left"),
    "ragged lists": (columns(left=[[1, 2], [3]]), "/inputs/left: expected lists of equal length; received ragged"),
    "a fraction": (rows(count=1.5), "/instances/count: expected whole numbers for int32; received float"),
    "true as a number": (rows(count=True), "received bool"),
    "text as numbers": (rows(left=["1", "2"]), "numbers for float32; received str"),
    "null": (rows(left=None), "received NoneType"),
    "base64 as numbers": (rows(left={"b64": "YQ=="}), "received dict"),
    "an integer beyond 32 bits": (rows(count=2**31), "beyond"),
    "an integer beyond 64 bits": (rows(count=2**64), "beyond"),
    "an integer beyond everything": (rows(count=10**300), "beyond"),
    "an integer beyond a float": (rows(left=[10**400, 1]), "beyond"),
    "an integer that a float rounds": (rows(left=[2**24 + 1, 1]), "whole numbers up to 16777215"),
    "a float beyond 32 bits": (rows(left=[1e39, 1]), "beyond"),
    "1e400": ({"content": b'{"inputs": {"left": [[1e400, 1]], "right": [[1, 1]], "count": [1]}}'}, "a float can hold"),
    "no gzip": ({"content": b"x" * 20, "headers": {"Content-Encoding": "gzip"}}, "Content-Encoding"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_that_is_wrong_gets_400_and_the_reason(client: httpx.AsyncClient, name: str) -> None:
    request, reason = REQUESTS[name]
    response = await client.post(PATH, **request)
    assert response.status_code == 400, response.text
    assert response.json().keys() == {"error"}
    assert reason in response.json()["error"]


@pytest.mark.parametrize(
    ("path", "asked", "reason"),
    [
        ("half_plus_two:classify", {"examples": [{"x": 1.0}]}, "a model whose scores are [-1, -1]; ask Predict"),
        ("echo:regress", {"examples": [{"word": "a"}]}, "a model with one output, of floating-point numbers"),
        ("half_plus_two:regress", {"examples": [{}]}, "/examples/0: expected a feature 'x' with a float_list"),
        ("half_plus_two:regress", {"examples": [{"x": "a"}]}, "received a bytes_list"),
        ("half_plus_two:regress", {"examples": [{"x": [1, 2]}]}, "/examples/0: expected 1 values of 'x'"),
        ("half_plus_two:regress", {"instances": [1]}, "the keys examples, context, signature_name"),
        ("half_plus_two_scores:classify", {"examples": [{"x": {"b64": "!"}}]}, "/examples/0/x/b64: expected base64"),
        ("echo:predict", {"instances": [{"b64": "!"}]}, "/instances/word/b64: expected base64"),
        ("echo:predict", {"instances": [{"b64": 1}]}, "the inputs word"),
        ("echo:predict", {"inputs": [["a"]]}, "/inputs/word: expected [-1] string; received [1, 1] string"),
    ],
)
async def test_so_does_one_that_the_models_signature_does_not_allow(
    served: httpx.AsyncClient, path: str, asked: dict, reason: str
) -> None:
    response = await served.post(f"/v1/models/{path}", json=asked)
    assert response.status_code == 400, response.text
    assert response.json().keys() == {"error"}
    assert reason in response.json()["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/models/..:predict", 404),
        ("/v1/models/%2e%2e:predict", 404),
        ("/v1/models/..%2f..%2fadder:predict", 400),
        ("/v1/models/adder%2fversions%2fone:predict", 400),
        ("/v1/models/adder/versions/%2e%2e:predict", 400),
        ("/v1/models/adder/labels/%2e%2e:predict", 400),
        ("/v1/models/%00:predict", 404),
    ],
)
async def test_a_path_that_climbs_leads_nowhere(client: httpx.AsyncClient, path: str, status: int) -> None:
    response = await client.post(path, json={"instances": [ROW]})
    assert (response.status_code, response.json().keys()) == (status, {"error"})


async def test_an_encoding_that_is_not_known_is_415(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, content=b"x", headers={"Content-Encoding": "br"})
    assert (response.status_code, response.json().keys()) == (415, {"error"})


async def test_a_body_or_a_bomb_over_the_limit_is_413_within_bounds(serving: Callable) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    async with serving(max_body_bytes=100_000) as client:
        plain = await client.post(PATH, content=b" " * 100_001)
        tracemalloc.start()
        packed = await client.post(PATH, content=bomb, headers={"Content-Encoding": "gzip"})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    for response in (plain, packed):
        assert (response.status_code, response.json().keys()) == (413, {"error"})
    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("half_plus_two:predict", {"instances": [1, 2, 3]}),
        ("half_plus_two:predict", {"inputs": [1, 2, 3]}),
        ("half_plus_two:regress", {"examples": [{"x": 1}] * 3}),
    ],
)
async def test_more_rows_than_a_request_may_have_are_413(
    serving: Callable, serving_models: Path, path: str, asked: dict
) -> None:
    async with serving(serving_models, max_request_rows=2) as client:
        response = await client.post(f"/v1/models/{path}", json=asked)
    assert (response.status_code, response.json().keys()) == (413, {"error"})
