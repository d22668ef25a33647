"""Nothing that a client sends below `/v1` gives a 500."""

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
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([math.nan, math.inf])
BASE64 = st.fixed_dictionaries({"b64": st.text("aZ9+/=!", max_size=6) | st.none()})
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | BASE64
NAMES = st.sampled_from(["x", "word", "", "b64", "\x00", "x" * 200])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=2), max_leaves=12
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "signature_name": st.sampled_from(["", "serving_default", "x", 1]),
        "instances": VALUES,
        "inputs": VALUES,
        "examples": VALUES,
        "context": VALUES,
        "other": LEAVES,
    },
)
MODELS = st.sampled_from(["half_plus_two", "half_plus_two_scores", "echo"])
METHODS = st.sampled_from(["predict", "classify", "regress"])


def expect_answer(response: httpx.Response) -> None:
    """A prediction, or an error that is the client's."""
    assert response.status_code == 200 or 400 <= response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.json().keys() == {"error"}


@fuzzed
@given(model=MODELS, method=METHODS, asked=ASKED)
async def test_any_json(served: httpx.AsyncClient, model: str, method: str, asked: Any) -> None:
    expect_answer(await served.post(f"/v1/models/{model}:{method}", content=json.dumps(asked)))


@fuzzed
@given(model=MODELS, method=METHODS, body=st.binary(max_size=200), encoding=st.sampled_from(["", "gzip", "br"]))
async def test_any_bytes(served: httpx.AsyncClient, model: str, method: str, body: bytes, encoding: str) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    expect_answer(await served.post(f"/v1/models/{model}:{method}", content=body, headers=headers))


@fuzzed
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    parts=st.lists(
        st.sampled_from(["models", "echo", "versions", "1", "labels", "a", "metadata", "echo:predict", ":"])
        | st.text(max_size=5),
        max_size=6,
    ),
    body=st.binary(max_size=30),
)
async def test_any_path(served: httpx.AsyncClient, status_of: Any, method: str, parts: list[str], body: bytes) -> None:
    status = await status_of(served.app, method, "/".join(["/v1", *parts]), b"", body)
    assert status == 200 or 400 <= status < 500
