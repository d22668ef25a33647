"""Nothing that a client sends below `/v2` gives a 500."""

import json
import math
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

NAMES = st.sampled_from(["INPUT0", "INPUT1", "OUTPUT0", "", "\x00", "x" * 200])
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([math.nan, math.inf])
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
DATA = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4))
SHAPES = st.lists(st.integers(-1, 3) | st.integers(), max_size=3) | st.just([1, 16])
PARAMETERS = st.dictionaries(
    st.sampled_from(["binary_data_size", "binary_data", "classification", "priority", "timeout", "sequence_id", "x"]),
    LEAVES | st.integers(0, 64),
    max_size=2,
)
TENSORS = st.fixed_dictionaries(
    {"name": NAMES, "shape": SHAPES, "datatype": st.sampled_from(["INT32", "FP32", "BYTES", "BOOL", "FP16", "?"])},
    optional={"data": DATA, "parameters": PARAMETERS},
)
ASKED = st.fixed_dictionaries(
    {"inputs": st.lists(TENSORS, max_size=3) | LEAVES},
    optional={"id": LEAVES, "outputs": st.lists(TENSORS, max_size=2) | LEAVES, "parameters": PARAMETERS},
)
MODELS = st.sampled_from(["simple", "simple_string", "simple_identity", "floats", "scores"])
LENGTHS = st.none() | st.integers(-2, 300).map(str) | st.text(st.characters(min_codepoint=32, max_codepoint=126))


def expect_answer(response: httpx.Response) -> None:
    """An inference, or an error that is the client's."""
    assert response.status_code == 200 or 400 <= response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.json().keys() == {"error"}


@fuzzed
@given(model=MODELS, asked=ASKED, tail=st.binary(max_size=140), spaces=st.integers(0, 3))
async def test_any_request_with_any_bytes_behind_it(
    simple: httpx.AsyncClient, model: str, asked: Any, tail: bytes, spaces: int
) -> None:
    head = json.dumps(asked).encode() + b" " * spaces
    headers = {"Inference-Header-Content-Length": str(len(head))}
    expect_answer(await simple.post(f"/v2/models/{model}/infer", content=head + tail, headers=headers))


@fuzzed
@given(
    model=MODELS,
    body=st.binary(max_size=200),
    length=LENGTHS,
    encoding=st.sampled_from(["", "gzip", "deflate", "identity", "br"]),
)
async def test_any_bytes(simple: httpx.AsyncClient, model: str, body: bytes, length: str | None, encoding: str) -> None:
    headers = {"Inference-Header-Content-Length": length} if length is not None else {}
    headers |= {"Content-Encoding": encoding} if encoding else {}
    expect_answer(await simple.post(f"/v2/models/{model}/infer", content=body, headers=headers))


@fuzzed
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    parts=st.lists(
        st.sampled_from(
            ["models", "simple", "versions", "1", "infer", "ready", "config", "stats", "repository", "index", "load"]
        )
        | st.text(max_size=5),
        max_size=6,
    ),
    body=st.binary(max_size=30),
)
async def test_any_path(simple: httpx.AsyncClient, status_of: Any, method: str, parts: list[str], body: bytes) -> None:
    status = await status_of(simple.app, method, "/".join(["/v2", *parts]), b"", body)
    assert status in (200, 501) or 400 <= status < 500
