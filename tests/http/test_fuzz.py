"""Nothing a client sends gives a 500: bodies, types, pictures and URLs that nobody thought of."""

import json
import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.asyncio(loop_scope="module")

fuzzed = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

PATHS = st.sampled_from(["/predict/sentiment", "/predict/topic", "/predict/digit", "/predict/adder"])
TYPES = st.sampled_from(
    ["application/json", "", "image/png", "image/jpeg", "application/octet-stream", "multipart/form-data; boundary=x"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
# Near the end of its type an input may overflow in the model; that is no fault of the route.
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(-1e30, 1e30) | st.sampled_from([math.nan, math.inf, -math.inf])
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=20)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner))
FIELDS = ["text", "texts", "pixels", "image", "images", "inputs", "left", "right", "count", ""]
OBJECTS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4)
TENSORS = st.fixed_dictionaries(
    {"inputs": st.fixed_dictionaries({"left": VALUES, "right": VALUES, "count": VALUES}) | VALUES}
)
PIXELS = st.fixed_dictionaries({"pixels": st.lists(st.lists(NUMBERS, max_size=9), max_size=3)})
QUERIES = st.tuples(st.sampled_from([b"version", b"label"]), st.binary(max_size=9)).map(b"=".join)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 6)), min_size=1, max_size=5)


def expect_answer(response: httpx.Response) -> None:
    """A prediction, or a problem that is the client's."""
    assert response.status_code == 200 or 400 <= response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.json()["code"] != "internal"


@fuzzed
@given(path=PATHS, body=OBJECTS | TENSORS | PIXELS | VALUES)
async def test_any_json(client: httpx.AsyncClient, path: str, body: Any) -> None:
    expect_answer(await client.post(path, content=json.dumps(body), headers={"content-type": "application/json"}))


@fuzzed
@given(path=PATHS, body=st.binary(max_size=200), media_type=TYPES)
async def test_any_bytes_of_any_type(client: httpx.AsyncClient, path: str, body: bytes, media_type: str) -> None:
    expect_answer(await client.post(path, content=body, headers={"content-type": media_type}))


@fuzzed
@given(kind=st.sampled_from(["PNG", "JPEG", "WEBP", "BMP"]), edits=EDITS, form=st.booleans())
async def test_any_damaged_picture(
    client: httpx.AsyncClient, picture: Callable[..., bytes], kind: str, edits: Any, *, form: bool
) -> None:
    data = bytearray(picture(kind))
    for place, inserted, removed in edits:
        start = int(place * len(data))
        data[start : start + removed] = inserted
    if form:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        content, media_type = head + bytes(data) + b"\r\n--x--", "multipart/form-data; boundary=x"
    else:
        content, media_type = bytes(data), "image/*"
    expect_answer(await client.post("/predict/digit", content=content, headers={"content-type": media_type}))


@fuzzed
@given(head=st.binary(max_size=120), tail=st.binary(max_size=60), media_type=st.sampled_from(["x", "é", ""]))
async def test_any_form(client: httpx.AsyncClient, head: bytes, tail: bytes, media_type: str) -> None:
    content = b"--x\r\nContent-Disposition: form-data" + head + b"\r\n\r\n" + tail + b"\r\n--x--"
    headers = {"content-type": f"multipart/form-data; boundary={media_type}".encode()}
    expect_answer(await client.post("/predict/digit", content=content, headers=headers))


@fuzzed
@given(
    path=st.text(max_size=30),
    query=st.binary(max_size=30) | QUERIES,
    method=st.sampled_from(["GET", "POST", "HEAD", "PATCH"]),
)
async def test_any_url(
    client: httpx.AsyncClient, status_of: Callable[..., Any], path: str, query: bytes, method: str
) -> None:
    for place in (path, f"/predict/{path}", f"/models/{path}/versions/{path}", "/predict/sentiment"):
        assert await status_of(client.app, method, place, query, b'{"text": "good"}') in {200, 404, 405, 422}


@fuzzed
@given(name=st.sampled_from(["x-request-id", "x-request-timeout-ms", "content-length"]), value=st.binary(max_size=30))
async def test_any_header(client: httpx.AsyncClient, name: str, value: bytes) -> None:
    response = await client.post("/predict/sentiment", content=b'{"text": "good"}', headers={name.encode(): value})
    assert response.status_code in {200, 413, 422, 504}
