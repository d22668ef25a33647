"""The Open Inference Protocol over HTTP, rule by rule, for any server and any model of numbers or strings.

Sources: [S] kserve/open-inference-protocol, specification/protocol/inference_rest.md; Triton's extensions, in
triton-inference-server/server, docs/protocol: [B] extension_binary_data.md, [C] extension_classification.md,
[G] extension_model_configuration.md, [L] extension_logging.md, [R] extension_model_repository.md,
[T] extension_statistics.md, [V] extension_trace.md. The rules of an extension hold for servers that list it.
"""

import json
import math
from typing import Any

import httpx
import numpy as np
import pytest

DTYPES = {
    "BOOL": "?",
    **{f"INT{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"FP{bits}": f"<f{bits // 8}" for bits in (16, 32, 64)},
}
HEADER_LENGTH = "Inference-Header-Content-Length"


@pytest.fixture(scope="module")
def server(http: httpx.Client) -> dict[str, Any]:
    return http.get("/v2").json()


@pytest.fixture(scope="module")
def model(http: httpx.Client, model_name: str) -> dict[str, Any]:
    return http.get(f"/v2/models/{model_name}").json()


@pytest.fixture
def extension(server: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """Skips the rules of an extension that the server does not list."""
    name = request.node.get_closest_marker("extension").args[0]
    if not any(listed.partition("(")[0] == name for listed in server["extensions"]):
        pytest.skip(f"the server does not list {name}")


def shape_of(tensor: dict[str, Any]) -> list[int]:
    """The tensor's shape, its free sizes 1."""
    return [1 if size < 0 else size for size in tensor["shape"]]


def json_inputs(model: dict[str, Any]) -> list[dict[str, Any]]:
    """Every input of the model, all zeros."""
    inputs = []
    for tensor in model["inputs"]:
        zero: Any = {"BYTES": "", "BOOL": False}.get(tensor["datatype"], 0)
        shape = shape_of(tensor)
        given = {"name": tensor["name"], "datatype": tensor["datatype"], "shape": shape}
        inputs.append({**given, "data": [zero] * math.prod(shape)})
    return inputs


def raw_size(tensor: dict[str, Any]) -> int:
    """The bytes of all its zeros; an empty string is its length."""
    size = np.dtype(DTYPES[tensor["datatype"]]).itemsize if tensor["datatype"] in DTYPES else 4
    return math.prod(shape_of(tensor)) * size


def infer(http: httpx.Client, model: dict[str, Any], **changes: Any) -> httpx.Response:
    return http.post(f"/v2/models/{model['name']}/infer", json={"inputs": json_inputs(model), **changes})


def infer_binary(http: httpx.Client, model: dict[str, Any], missing: int = 0, **asked: Any) -> httpx.Response:
    """An inference whose inputs are bytes."""
    inputs = [
        {
            "name": tensor["name"],
            "datatype": tensor["datatype"],
            "shape": shape_of(tensor),
            "parameters": {"binary_data_size": raw_size(tensor)},
        }
        for tensor in model["inputs"]
    ]
    head = json.dumps({"inputs": inputs, **asked}).encode()
    body = head + b"\0" * (sum(map(raw_size, model["inputs"])) - missing)
    return http.post(f"/v2/models/{model['name']}/infer", content=body, headers={HEADER_LENGTH: str(len(head))})


def expect_error(response: httpx.Response) -> None:
    """[S] A failed request has an HTTP error status, and the body `{"error": $string}`."""
    assert 400 <= response.status_code < 600
    assert isinstance(response.json()["error"], str)
    assert response.json()["error"]


def test_live_and_ready_are_200(http: httpx.Client) -> None:
    """[S] Server Live, Server Ready."""
    assert http.get("/v2/health/live").status_code == 200
    assert http.get("/v2/health/ready").status_code == 200


def test_a_body_of_the_probes_says_what_the_status_says(http: httpx.Client) -> None:
    """[S] $live_server_response; servers that send no body, as Triton does, are not held to it."""
    for path in ("live", "ready"):
        response = http.get(f"/v2/health/{path}")
        assert not response.content or True in response.json().values()


def test_a_model_is_ready_and_named(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] $ready_model_response."""
    response = http.get(f"/v2/models/{model['name']}/ready")
    assert response.status_code == 200
    assert not response.content or response.json() == {"name": model["name"], "ready": True}


def test_a_model_that_is_not_there_is_not_ready(http: httpx.Client) -> None:
    """[S] Model Ready."""
    assert http.get("/v2/models/no-such-model/ready").status_code >= 400


def test_the_server_has_a_name_a_version_and_extensions(server: dict[str, Any]) -> None:
    """[S] $metadata_server_response."""
    assert isinstance(server["name"], str)
    assert isinstance(server["version"], str)
    assert all(isinstance(name, str) for name in server["extensions"])


def test_a_models_tensors_have_names_datatypes_and_shapes(model: dict[str, Any]) -> None:
    """[S] $metadata_model_response, Tensor Data Types; sizes that are free are -1."""
    assert isinstance(model["platform"], str)
    for tensor in [*model["inputs"], *model["outputs"]]:
        assert tensor["datatype"] in {*DTYPES, "BYTES"}
        assert all(isinstance(size, int) and size >= -1 for size in tensor["shape"])


def test_each_listed_version_answers(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] `versions`: those that may be requested."""
    for version in model.get("versions", []):
        assert http.get(f"/v2/models/{model['name']}/versions/{version}").json()["name"] == model["name"]
        path = f"/v2/models/{model['name']}/versions/{version}/infer"
        assert http.post(path, json={"inputs": json_inputs(model)}).status_code == 200


@pytest.mark.parametrize("path", ["/v2/models/no-such-model", "/v2/models/no-such-model/versions/1"])
def test_metadata_of_what_is_not_there_are_an_error(http: httpx.Client, path: str) -> None:
    """[S] $metadata_model_error_response."""
    expect_error(http.get(path))


def test_an_inference_gives_every_output_with_its_data(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] $inference_response, $response_output: all outputs where none is asked for, with the data of their shapes."""
    answer = infer(http, model).json()
    assert answer["model_name"] == model["name"]
    assert {output["name"] for output in answer["outputs"]} == {output["name"] for output in model["outputs"]}
    for output in answer["outputs"]:
        assert np.size(output["data"]) == math.prod(output["shape"])
        known = next(tensor for tensor in model["outputs"] if tensor["name"] == output["name"])
        assert output["datatype"] == known["datatype"]
        assert all(size in (-1, actual) for size, actual in zip(known["shape"], output["shape"], strict=True))


def test_the_id_comes_back(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] `id`: if specified this identifier must be returned."""
    assert infer(http, model, id="a-b-42").json()["id"] == "a-b-42"


def test_only_the_outputs_that_are_asked_for_come(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] `outputs`: the output tensors requested."""
    name = model["outputs"][-1]["name"]
    assert [output["name"] for output in infer(http, model, outputs=[{"name": name}]).json()["outputs"]] == [name]


def test_data_may_be_nested_as_the_shape_is(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] Tensor Data: flattened, or nested."""
    inputs = json_inputs(model)
    for tensor in inputs:
        tensor["data"] = np.array(tensor["data"], object).reshape(tensor["shape"]).tolist()
    assert infer(http, model, inputs=inputs).json()["outputs"] == infer(http, model).json()["outputs"]


@pytest.mark.parametrize(
    "damage",
    [
        {"name": "no-such-input"},
        {"datatype": "FP1"},
        {"data": []},
        {"data": "text"},
        {"shape": [-1]},
        {"shape": [2**29, 2]},
        {"shape": "1"},
    ],
    ids=str,
)
def test_a_wrong_input_is_an_error(http: httpx.Client, model: dict[str, Any], damage: dict[str, Any]) -> None:
    """[S] $inference_error_response."""
    first, *rest = json_inputs(model)
    expect_error(infer(http, model, inputs=[{**first, **damage}, *rest]))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"inputs": []}', b"[" * 10_000])
def test_a_body_that_is_no_request_is_an_error(http: httpx.Client, model: dict[str, Any], body: bytes) -> None:
    """[S] $inference_request, $inference_error_response."""
    expect_error(http.post(f"/v2/models/{model['name']}/infer", content=body))


def test_an_output_that_the_model_does_not_have_is_an_error(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] $request_output."""
    expect_error(infer(http, model, outputs=[{"name": "no-such-output"}]))


def test_an_inference_for_what_is_not_there_is_an_error(http: httpx.Client, model: dict[str, Any]) -> None:
    """[S] $inference_error_response."""
    expect_error(http.post("/v2/models/no-such-model/infer", json={"inputs": json_inputs(model)}))


@pytest.mark.extension("binary_tensor_data")
@pytest.mark.usefixtures("extension")
class TestBinaryTensorData:
    """[B]."""

    def test_bytes_are_what_the_same_numbers_are_in_json(self, http: httpx.Client, model: dict[str, Any]) -> None:
        """[B] Little-endian, row by row, in the order of the inputs; JSON comes back where nothing else is asked."""
        response = infer_binary(http, model)
        assert HEADER_LENGTH not in response.headers
        assert response.json()["outputs"] == infer(http, model).json()["outputs"]

    def test_all_outputs_come_as_bytes_where_that_is_asked(self, http: httpx.Client, model: dict[str, Any]) -> None:
        """[B] `binary_data_output`, `binary_data_size`, and the header that gives the length of the JSON."""
        response = infer_binary(http, model, parameters={"binary_data_output": True})
        length = int(response.headers[HEADER_LENGTH])
        head, rest = json.loads(response.content[:length]), response.content[length:]
        expected = {output["name"]: output for output in infer(http, model).json()["outputs"]}
        for output in head["outputs"]:
            size = output["parameters"]["binary_data_size"]
            part, rest = rest[:size], rest[size:]
            if output["datatype"] in DTYPES:
                values = np.frombuffer(part, DTYPES[output["datatype"]]).tolist()
                assert values == np.ravel(expected[output["name"]]["data"]).tolist()
        assert not rest
        assert int(response.headers["content-length"]) == len(response.content)

    def test_an_output_may_say_otherwise(self, http: httpx.Client, model: dict[str, Any]) -> None:
        """[B] `binary_data` overrides `binary_data_output`."""
        name = model["outputs"][0]["name"]
        outputs = [{"name": name, "parameters": {"binary_data": False}}]
        response = infer_binary(http, model, parameters={"binary_data_output": True}, outputs=outputs)
        assert "data" in response.json()["outputs"][0]

    def test_missing_bytes_are_an_error(self, http: httpx.Client, model: dict[str, Any]) -> None:
        """[B] `binary_data_size`: the size of the tensor's data."""
        expect_error(infer_binary(http, model, missing=1))

    @pytest.mark.parametrize("length", ["-1", "100000000", "text"])
    def test_a_length_of_the_json_that_cannot_be_is_an_error(
        self, http: httpx.Client, model: dict[str, Any], length: str
    ) -> None:
        """[B] The length of the JSON object."""
        content, headers = json.dumps({"inputs": json_inputs(model)}), {HEADER_LENGTH: length}
        expect_error(http.post(f"/v2/models/{model['name']}/infer", content=content, headers=headers))


@pytest.mark.extension("classification")
@pytest.mark.usefixtures("extension")
def test_a_classification_is_a_string_for_each_class(http: httpx.Client, model: dict[str, Any]) -> None:
    """[C] BYTES, `value:index[:label]`."""
    outputs = [{"name": model["outputs"][0]["name"], "parameters": {"classification": 1}}]
    [output] = infer(http, model, outputs=outputs).json()["outputs"]
    assert output["datatype"] == "BYTES"
    assert all(":" in text for text in np.ravel(output["data"]))


@pytest.mark.extension("model_configuration")
@pytest.mark.usefixtures("extension")
def test_a_configuration_names_the_models_tensors(http: httpx.Client, model: dict[str, Any]) -> None:
    """[G] The JSON of ModelConfig."""
    config = http.get(f"/v2/models/{model['name']}/config").json()
    for part in ("input", "output"):
        assert {tensor["name"] for tensor in config[part]} == {tensor["name"] for tensor in model[f"{part}s"]}


@pytest.mark.extension("model_repository")
@pytest.mark.usefixtures("extension")
def test_the_index_lists_the_model_without_a_body_too(http: httpx.Client, model: dict[str, Any]) -> None:
    """[R] $repository_index_response; the body is optional."""
    for asked in ({}, {"json": {"ready": True}}):
        entries = http.post("/v2/repository/index", **asked).json()
        assert model["name"] in {entry["name"] for entry in entries}


@pytest.mark.extension("statistics")
@pytest.mark.usefixtures("extension")
def test_an_inference_is_counted(http: httpx.Client, model: dict[str, Any]) -> None:
    """[T] $model_stat: counts and nanoseconds, which only rise."""

    def counted() -> dict[str, Any]:
        return http.get(f"/v2/models/{model['name']}/stats").json()["model_stats"][0]

    before = counted()
    infer(http, model)
    after = counted()
    assert after["inference_count"] > before["inference_count"]
    for name in ("success", "queue", "compute_input", "compute_infer", "compute_output"):
        assert after["inference_stats"][name]["count"] > before["inference_stats"][name]["count"]
        assert after["inference_stats"][name]["ns"] >= before["inference_stats"][name]["ns"]


@pytest.mark.extension("trace")
@pytest.mark.usefixtures("extension")
def test_trace_settings_can_be_read(http: httpx.Client, model: dict[str, Any]) -> None:
    """[V] $trace_response."""
    for path in ("/v2/trace/setting", f"/v2/models/{model['name']}/trace/setting"):
        assert "trace_level" in http.get(path).json()


@pytest.mark.extension("logging")
@pytest.mark.usefixtures("extension")
def test_log_settings_can_be_read(http: httpx.Client) -> None:
    """[L] $log_setting_response."""
    assert {"log_info", "log_warnings", "log_errors"} <= http.get("/v2/logging").json().keys()
