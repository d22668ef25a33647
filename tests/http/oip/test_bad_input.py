"""Whatever is wrong with an inference request, the answer is a 4xx that says so, in the protocol's shape."""

import gzip
import json
import tracemalloc
import zlib

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v2/models/simple/infer"
SIZE = 64


def tensor(name: str = "INPUT0", **changes: object) -> dict:
    return {"name": name, "shape": [1, 16], "datatype": "INT32", "data": [1] * 16, **changes}


def floats(data: object, **changes: object) -> dict:
    return {"inputs": [tensor(datatype="FP32", shape=[1, 2], data=data, **changes)]}


def claimed(size: object = SIZE, **changes: object) -> dict:
    given = tensor(parameters={"binary_data_size": size}, **changes)
    if "data" not in changes:
        del given["data"]
    return given


def packet(asked: object, tail: bytes, length: str | None = None) -> dict:
    head = json.dumps(asked).encode()
    return {"content": head + tail, "headers": {"Inference-Header-Content-Length": length or str(len(head))}}


BOTH = {"inputs": [claimed(), claimed(name="INPUT1")]}

REQUESTS = {
    "no JSON": ({"content": b"{"}, "JSON object"),
    "nothing": ({"content": b""}, "JSON object"),
    "no object": ({"content": b"[]"}, "an object"),
    "no UTF-8": ({"content": b'{"id": "\xff"}'}, "JSON object"),
    "10,000 levels": ({"content": b'{"inputs":' + b"[" * 10_000 + b"]" * 10_000 + b"}"}, "recursion"),
    "150 levels of data": (
        {"json": {"inputs": [tensor(data=json.loads("[" * 150 + "1" + "]" * 150)), tensor("INPUT1")]}},
        "",
    ),
    "no inputs": ({"json": {}}, "/inputs: expected a list"),
    "empty inputs": ({"json": {"inputs": []}}, "an empty list"),
    "inputs no list": ({"json": {"inputs": {}}}, "dict"),
    "an input no object": ({"json": {"inputs": [1]}}, "/inputs/0"),
    "no name": ({"json": {"inputs": [{"shape": [1]}]}}, "/inputs/0/name"),
    "an id that is no string": ({"json": {"id": 1, "inputs": [tensor(), tensor("INPUT1")]}}, "/id"),
    "a misspelt input": ({"json": {"inputs": [tensor("INPUT00"), tensor("INPUT1")]}}, "did you mean 'INPUT0'"),
    "an input missing": ({"json": {"inputs": [tensor()]}}, "'INPUT1'"),
    "an input twice": ({"json": {"inputs": [tensor(), tensor()]}}, "it twice"),
    "an output twice": (
        {"json": {"inputs": [tensor(), tensor("INPUT1")], "outputs": [{"name": "OUTPUT0"}] * 2}},
        "it twice",
    ),
    "a misspelt output": (
        {"json": {"inputs": [tensor(), tensor("INPUT1")], "outputs": [{"name": "OUTPUT00"}]}},
        "did you mean 'OUTPUT0'",
    ),
    "an unknown parameter": (
        {"json": {"parameters": {"prioriti": 1}, "inputs": [tensor(), tensor("INPUT1")]}},
        "did you mean 'priority'",
    ),
    "an unknown parameter of an input": ({"json": {"inputs": [tensor(parameters={"x": 1})]}}, "binary_data_size"),
    "an unknown parameter of an output": (
        {"json": {"inputs": [tensor(), tensor("INPUT1")], "outputs": [{"name": "OUTPUT0", "parameters": {"x": 1}}]}},
        "classification",
    ),
    "parameters no object": ({"json": {"parameters": [], "inputs": [tensor()]}}, "/parameters"),
    "a sequence": ({"json": {"parameters": {"sequence_id": 7}, "inputs": [tensor()]}}, "without a state"),
    "a priority in words": (
        {"json": {"parameters": {"priority": "high"}, "inputs": [tensor(), tensor("INPUT1")]}},
        "/parameters/priority",
    ),
    "a negative timeout": (
        {"json": {"parameters": {"timeout": -1}, "inputs": [tensor(), tensor("INPUT1")]}},
        "/parameters/timeout",
    ),
    "a flag in words": (
        {"json": {"parameters": {"binary_data_output": "yes"}, "inputs": [tensor()]}},
        "true or false",
    ),
    "no classes": (
        {
            "json": {
                "inputs": [tensor(), tensor("INPUT1")],
                "outputs": [{"name": "OUTPUT0", "parameters": {"classification": 0}}],
            }
        },
        "at least 1",
    ),
    "classes in words": (
        {
            "json": {
                "inputs": [tensor(), tensor("INPUT1")],
                "outputs": [{"name": "OUTPUT0", "parameters": {"classification": "two"}}],
            }
        },
        "a whole number as classification",
    ),
    "shared memory": ({"json": {"inputs": [tensor(parameters={"shared_memory_region": "x"})]}}, "shared_memory_region"),
    "another dtype": (
        {"json": {"inputs": [tensor(datatype="INT64"), tensor("INPUT1")]}},
        "expected [-1, 16] int32; received [1, 16] int64",
    ),
    "another shape": (
        {"json": {"inputs": [tensor(shape=[2, 8]), tensor("INPUT1")]}},
        "expected [-1, 16] int32; received [2, 8] int32",
    ),
    "other rows": (
        {"json": {"inputs": [tensor(shape=[2, 16], data=[1] * 32), tensor("INPUT1")]}},
        "same number of rows",
    ),
    "no rows": (
        {"json": {"inputs": [tensor(shape=[0, 16], data=[]), tensor("INPUT1", shape=[0, 16], data=[])]}},
        "at least one row",
    ),
    "an unknown datatype": ({"json": {"inputs": [tensor(datatype="FP31")]}}, "'FP31'"),
    "too few values": ({"json": {"inputs": [tensor(data=[1] * 15)]}}, "15 values"),
    "ragged lists": ({"json": {"inputs": [tensor(shape=[2, 2], data=[[1, 2], [3]])]}}, "ragged"),
    "nested otherwise": ({"json": {"inputs": [tensor(data=[[1] * 8, [1] * 8])]}}, "shape [2, 8]"),
    "data no list": ({"json": {"inputs": [tensor(data=1)]}}, "a list as data"),
    "no data": ({"json": {"inputs": [{"name": "INPUT0", "shape": [1], "datatype": "INT32"}]}}, "neither"),
    "a fraction": ({"json": {"inputs": [tensor(data=[1.5] * 16)]}}, "whole numbers"),
    "true as a number": ({"json": {"inputs": [tensor(data=[True] * 16)]}}, "bool"),
    "text as numbers": ({"json": {"inputs": [tensor(data=["1"] * 16)]}}, "str"),
    "an integer beyond 32 bits": ({"json": {"inputs": [tensor(data=[2**31] * 16)]}}, "beyond"),
    "an integer beyond 64 bits": ({"json": {"inputs": [tensor(data=[-(2**63), 2**63] * 8)]}}, "beyond"),
    "an integer beyond everything": ({"json": {"inputs": [tensor(data=[10**300] * 16)]}}, "beyond"),
    "a float beyond 32 bits": ({"json": floats([1e39, 0])}, "beyond"),
    "1e400": (
        {"content": b'{"inputs":[{"name":"INPUT0","shape":[1,1],"datatype":"FP32","data":[1e400]}]}'},
        "a float can hold",
    ),
    "a negative size": ({"json": {"inputs": [tensor(shape=[-1, 16])]}}, "sizes from 0"),
    "a size in words": ({"json": {"inputs": [tensor(shape=["1", 16])]}}, "sizes from 0"),
    "a shape of true": ({"json": {"inputs": [tensor(shape=[True, 16])]}}, "sizes from 0"),
    "a shape of 100 sizes": ({"json": {"inputs": [tensor(shape=[1] * 100)]}}, "sizes from 0"),
    "a shape beyond everything": ({"json": {"inputs": [tensor(shape=[0, 2**70])]}}, "elements"),
    "2 GiB claimed": ({"json": {"inputs": [tensor(shape=[2**29, 1])]}}, "536870912 values"),
    "2 GiB of bytes claimed": (packet({"inputs": [claimed(2**31, shape=[2**29])]}, b""), "left"),
    "2 GiB of strings claimed": (
        packet({"inputs": [claimed(4, datatype="BYTES", shape=[2**29])]}, b"\0" * 4),
        "strings",
    ),
    "a size beyond the body": (packet({"inputs": [claimed(64)]}, b"\0" * 60), "60 bytes that are left"),
    "a size below the shape's": (packet({"inputs": [claimed(60)]}, b"\0" * 64), "64 bytes for [1, 16] INT32"),
    "a size above the shape's": (packet({"inputs": [claimed(68)]}, b"\0" * 64), "64 bytes for [1, 16] INT32"),
    "a negative binary size": (packet({"inputs": [claimed(-1)]}, b""), "a number of bytes"),
    "a binary size in words": (packet({"inputs": [claimed("64")]}, b""), "a number of bytes"),
    "data and bytes": (packet({"inputs": [claimed(data=[1] * 16)]}, b"\0" * 64), "both"),
    "a body cut short": (packet(BOTH, b"\0" * 100), "36 bytes that are left"),
    "bytes too many": (packet(BOTH, b"\0" * 129), "belong to no input"),
    "a header that is too long": (packet(BOTH, b"", "100000"), "Inference-Header-Content-Length"),
    "a negative header": (packet(BOTH, b"", "-1"), "Inference-Header-Content-Length"),
    "a header in words": (packet(BOTH, b"", "ten"), "Inference-Header-Content-Length"),
    "a header that is too short": (packet(BOTH, b"\0" * 128, "20"), "JSON object of 20 bytes"),
    "no header": ({"content": packet(BOTH, b"\0" * 128)["content"]}, "JSON object"),
    "a raw tensor for two inputs": (packet(BOTH, b"", "0"), "2 inputs"),
    "no gzip": ({"content": b"x" * 20, "headers": {"Content-Encoding": "gzip"}}, "Content-Encoding"),
    "a gzip cut short": (
        {"content": gzip.compress(b"{}")[:-1], "headers": {"Content-Encoding": "gzip"}},
        "too early",
    ),
    "more after a deflate": (
        {"content": zlib.compress(b"{}") + b"x", "headers": {"Content-Encoding": "deflate"}},
        "after their end",
    ),
    "a version in words": ({"json": {"inputs": []}, "url": "/v2/models/simple/versions/one/infer"}, "version's number"),
    "a word as a row's string": (
        {"json": {"inputs": [tensor(datatype="BYTES", data=[1] * 16)]}},
        "strings",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_that_is_wrong_gets_400_and_the_reason(simple: httpx.AsyncClient, name: str) -> None:
    request, reason = REQUESTS[name]
    response = await simple.post(request.get("url", PATH), **{key: request[key] for key in request.keys() - {"url"}})
    assert response.status_code == 400, response.text
    assert response.json().keys() == {"error"}
    assert reason in response.json()["error"]


async def test_the_error_names_the_requests_own_id(simple: httpx.AsyncClient) -> None:
    asked = {"id": "mine", "inputs": [tensor("INPUT00"), tensor("INPUT1")]}
    assert (await simple.post(PATH, json=asked)).json()["error"].startswith("[request id mine] ")


@pytest.mark.parametrize(
    "path",
    [
        "/v2/models/simpel/infer",
        "/v2/models/simple/versions/9/infer",
        "/v2/models/..%2f..%2fsimple/infer",
        "/v2/models/%2e%2e/infer",
        "/v2/models/simple%2fversions%2f1/infer/x",
    ],
)
async def test_a_model_that_is_not_there_is_404(simple: httpx.AsyncClient, path: str) -> None:
    response = await simple.post(path, json={"inputs": [tensor()]})
    assert response.status_code == 404
    assert response.json().keys() == {"error"}


async def test_an_encoding_that_is_not_known_is_415(simple: httpx.AsyncClient) -> None:
    response = await simple.post(PATH, content=b"x", headers={"Content-Encoding": "br"})
    assert (response.status_code, response.json().keys()) == (415, {"error"})


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_a_bomb_goes_off_within_the_limit(serving, simple_models, encoding: str, pack: object) -> None:
    bomb = pack(b" " * 50_000_000)
    async with serving(simple_models, max_body_bytes=100_000) as client:
        tracemalloc.start()
        response = await client.post(PATH, content=bomb, headers={"Content-Encoding": encoding})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert response.status_code == 413
    assert "100,000 bytes unpacked" in response.json()["error"]
    assert peak < 10_000_000


async def test_a_body_over_the_limit_is_413(serving, simple_models) -> None:
    async with serving(simple_models, max_body_bytes=1024) as client:
        response = await client.post(PATH, content=b" " * 1025)
    assert (response.status_code, response.json().keys()) == (413, {"error"})


async def test_more_rows_than_a_request_may_have_are_413(serving, simple_models) -> None:
    many = {"shape": [3, 2], "data": [1] * 6, "datatype": "FP32"}
    async with serving(simple_models, max_request_rows=2) as client:
        response = await client.post("/v2/models/floats/infer", json={"inputs": [tensor(**many)]})
    assert (response.status_code, response.json().keys()) == (413, {"error"})


@pytest.mark.parametrize(
    ("model", "body", "reason"),
    [
        ("scores", b"\0" * 13, "12 bytes for [1, 3] FP32"),
        ("floats", b"\0" * 13, "12 bytes for [1, 3] FP32"),
        ("simple_string", b"x", "2 inputs"),
    ],
)
async def test_a_raw_tensor_of_another_size_is_refused(
    simple: httpx.AsyncClient, model: str, body: bytes, reason: str
) -> None:
    raw = {"Inference-Header-Content-Length": "0"}
    response = await simple.post(f"/v2/models/{model}/infer", content=body, headers=raw)
    assert response.status_code == 400
    assert reason in response.json()["error"]
