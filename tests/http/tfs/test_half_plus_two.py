"""TensorFlow Serving's own cases of its REST API, over a model of the same figures.

After tensorflow/serving, tensorflow_serving/model_servers/http_rest_api_handler_test.cc and
tensorflow_model_server_test.py. There classify and regress have signatures of their own; here a model has one.
"""

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODEL = "/v1/models/half_plus_two"
PINNED = [MODEL, f"{MODEL}/versions/123", f"{MODEL}/labels/stable"]


@pytest.mark.parametrize("model", PINNED)
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({"instances": [2.0, 3.0, 4.0]}, {"predictions": [3.0, 3.5, 4.0]}),
        ({"inputs": [2.0, 3.0, 4.0]}, {"outputs": [3.0, 3.5, 4.0]}),
        ({"signature_name": "serving_default", "instances": [3.0, 4.0]}, {"predictions": [3.5, 4.0]}),
        ({"signature_name": "serving_default", "inputs": [3.0, 4.0]}, {"outputs": [3.5, 4.0]}),
        ({"inputs": {"x": [3.0, 4.0]}}, {"outputs": [3.5, 4.0]}),
        ({"instances": [{"x": 3.0}, {"x": 4.0}]}, {"predictions": [3.5, 4.0]}),
    ],
)
async def test_predict(served: httpx.AsyncClient, model: str, asked: dict, answered: dict) -> None:
    response = await served.post(f"{model}:predict", json=asked)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json() == answered


@pytest.mark.parametrize("model", PINNED)
async def test_regress(served: httpx.AsyncClient, model: str) -> None:
    response = await served.post(f"{model}:regress", json={"examples": [{"x": 80.0}]})
    assert response.json() == {"results": [42]}


@pytest.mark.parametrize("model", ["half_plus_two_scores", "half_plus_two_scores/versions/1"])
async def test_classify(served: httpx.AsyncClient, model: str) -> None:
    response = await served.post(f"/v1/models/{model}:classify", json={"examples": [{"x": 20.0}]})
    assert response.json() == {"results": [[["", 12]]]}


async def test_the_status_of_every_version_and_of_one(served: httpx.AsyncClient) -> None:
    def status(*versions: str) -> dict:
        fine = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
        return {"model_version_status": [{"version": version, **fine} for version in versions]}

    assert (await served.get(MODEL)).json() == status("124", "123")
    for path in PINNED[1:]:
        assert (await served.get(path)).json() == status("123")


@pytest.mark.parametrize("path", PINNED[1:])
async def test_the_metadata(served: httpx.AsyncClient, path: str) -> None:
    def tensor(name: str) -> dict:
        shape = {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}
        return {"dtype": "DT_FLOAT", "tensor_shape": shape, "name": name}

    signature = {
        "inputs": {"x": tensor("x")},
        "outputs": {"y": tensor("y")},
        "method_name": "tensorflow/serving/predict",
        "defaults": {},
    }
    assert (await served.get(f"{path}/metadata")).json() == {
        "model_spec": {"name": "half_plus_two", "signature_name": "", "version": "123"},
        "metadata": {"signature_def": {"signature_def": {"serving_default": signature}}},
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/foo"),
        ("POST", "/v1/foo"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/debug/model_name"),
        ("POST", "/v1/models"),
        ("GET", "/v1/models/foo:predict"),
        ("GET", "/v1/models/foo/version/50:predict"),
        ("POST", "/v1/models/foo/version/50:regress"),
        ("POST", "/v1/models/foo/versions/HELLO:regress"),
        ("POST", "/v1/models/foo/metadata"),
        ("POST", "/v1/models/foo/label/some_label:regress"),
        ("POST", "/v1/models/foo/versions/50/labels/some_label:regress"),
        ("POST", f"/v1/models/half_plus_two/versions/{2**64}:regress"),
        ("POST", "/v1/models/half_plus_two/labels/nonexistent:predict"),
        ("DELETE", "/v1/models/half_plus_two"),
        ("PUT", "/v1/models/half_plus_two:predict"),
        ("GET", "/v1"),
    ],
)
async def test_a_call_that_is_none_of_the_apis_is_an_invalid_argument(
    served: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await served.request(method, path, content=b'{"instances": [1]}')
    assert response.status_code == 400, response.text
    assert response.json().keys() == {"error"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/foo:predict",
        "/v1/models/foo/versions/50:predict",
        "/v1/models/half_plus_two99:predict",
        "/v1/models/half_plus_two/versions/99:predict",
    ],
)
async def test_a_model_that_is_not_there_is_not_found(served: httpx.AsyncClient, path: str) -> None:
    response = await served.post(path, content=b'{"instances": [1]}')
    assert response.status_code == 404
    assert response.json().keys() == {"error"}
