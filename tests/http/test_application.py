"""Predictions pass the framework by, and nobody can tell."""

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/predict/", 404, "route_not_found"),
        ("POST", "/predict", 404, "route_not_found"),
        ("POST", "/predict/sentiment/1", 404, "route_not_found"),
        ("POST", "/predict/sentimen", 404, "model_not_found"),
        ("GET", "/predict/sentiment", 405, "method_not_allowed"),
        ("PUT", "/predict/sentiment", 405, "method_not_allowed"),
    ],
)
async def test_what_is_no_prediction_is_the_frameworks(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path, json={"text": "good"})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["x-request-id"] == response.json()["request_id"]


async def test_a_model_name_may_be_escaped(client: httpx.AsyncClient) -> None:
    response = await client.post("/predict/sentimen%74", json={"text": "good"})
    assert response.json()["label"] == "positive"
