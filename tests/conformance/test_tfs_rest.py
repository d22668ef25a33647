"""TensorFlow Serving's REST API, rule by rule, for any server and any model with the signature `serving_default`.

Sources, in tensorflow/serving: [D] tensorflow_serving/g3doc/api_rest.md, [J] tensorflow_serving/util/json_tensor.cc;
in tensorflow_serving/model_servers: [H] http_rest_api_handler.cc with its test, [P] http_rest_api_util.cc,
[S] http_server.cc.
"""

import json
from typing import Any

import httpx
import pytest

SIGNATURE = "serving_default"
FLOATS = ("DT_FLOAT", "DT_DOUBLE", "DT_HALF")


@pytest.fixture(scope="module")
def base(model_name: str) -> str:
    return f"/v1/models/{model_name}"


@pytest.fixture(scope="module")
def signature(http: httpx.Client, base: str) -> dict[str, Any]:
    return http.get(f"{base}/metadata").json()["metadata"]["signature_def"]["signature_def"][SIGNATURE]


@pytest.fixture(scope="module")
def version(http: httpx.Client, base: str) -> str:
    return http.get(f"{base}/metadata").json()["model_spec"]["version"]


def zeros(tensor: dict[str, Any]) -> Any:
    """One row of zeros, its free sizes 1."""
    value: Any = {"DT_STRING": "", "DT_BOOL": False}.get(tensor["dtype"], 0)
    for dim in reversed(tensor["tensor_shape"]["dim"][1:]):
        value = [value] * max(int(dim["size"]), 1)
    return value


def named_row(signature: dict[str, Any]) -> dict[str, Any]:
    return {name: zeros(tensor) for name, tensor in signature["inputs"].items()}


def bare_row(signature: dict[str, Any]) -> Any:
    row = named_row(signature)
    return row if len(row) > 1 else next(iter(row.values()))


def columns(signature: dict[str, Any], rows: int = 1) -> dict[str, Any]:
    return {name: [value] * rows for name, value in named_row(signature).items()}


def predict(http: httpx.Client, base: str, **body: Any) -> httpx.Response:
    return http.post(f"{base}:predict", content=json.dumps(body))


def expect_error(response: httpx.Response, status: int = 400) -> None:
    """[D] In case of error, all APIs return a JSON object with `error` as key and the message as the value."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/json")
    assert list(response.json()) == ["error"]
    assert response.json()["error"]


class TestStatus:
    def test_tells_every_version_with_its_state(self, http: httpx.Client, base: str) -> None:
        """[D] Model status API: a JSON representation of GetModelStatusResponse."""
        response = http.get(base)
        assert response.status_code == 200
        assert list(response.json()) == ["model_version_status"]
        for status in response.json()["model_version_status"]:
            assert isinstance(status["version"], str)
            assert status["state"] in ("START", "LOADING", "AVAILABLE", "UNLOADING", "END")
            assert status["status"].keys() == {"error_code", "error_message"}

    def test_tells_one_version(self, http: httpx.Client, base: str, version: str) -> None:
        """[D] Without a version in the path all are told, else that one."""
        (status,) = http.get(f"{base}/versions/{version}").json()["model_version_status"]
        assert status == {
            "version": version,
            "state": "AVAILABLE",
            "status": {"error_code": "OK", "error_message": ""},
        }

    def test_a_model_that_is_not_there_is_404(self, http: httpx.Client, base: str) -> None:
        """[S] NOT_FOUND is 404."""
        expect_error(http.get("/v1/models/no_such_model"), 404)
        expect_error(http.get(f"{base}/versions/999999999"), 404)

    def test_needs_a_models_name(self, http: httpx.Client) -> None:
        """[H] ProcessModelStatusRequest: a missing model name is an invalid argument."""
        expect_error(http.get("/v1/models"))


class TestMetadata:
    @pytest.mark.parametrize("pinned", [False, True])
    def test_tells_the_signatures(self, http: httpx.Client, base: str, version: str, *, pinned: bool) -> None:
        """[P] ToJsonString: `model_spec` and `metadata`, the names of the fields as in the protos."""
        told = http.get(f"{base}/versions/{version}/metadata" if pinned else f"{base}/metadata").json()
        assert told["model_spec"] == {
            "name": base.rpartition("/")[2],
            "signature_name": "",
            "version": version,
        }
        signature = told["metadata"]["signature_def"]["signature_def"][SIGNATURE]
        assert signature["method_name"]
        for tensor in (*signature["inputs"].values(), *signature["outputs"].values()):
            assert tensor["dtype"].startswith("DT_")
            assert all(isinstance(dim["size"], str) for dim in tensor["tensor_shape"]["dim"])

    def test_of_a_model_that_is_not_there_is_404(self, http: httpx.Client) -> None:
        """[S] NOT_FOUND is 404."""
        expect_error(http.get("/v1/models/no_such_model/metadata"), 404)


class TestPredict:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_rows_give_rows(self, http: httpx.Client, base: str, signature: dict, rows: int) -> None:
        """[D] Row format: `predictions` has a value for each instance; several outputs are objects."""
        response = predict(http, base, instances=[bare_row(signature)] * rows)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("application/json")
        predictions = response.json()["predictions"]
        assert len(predictions) == rows
        for prediction in predictions:
            is_named = len(signature["outputs"]) > 1
            assert not is_named or prediction.keys() == signature["outputs"].keys()

    def test_columns_give_columns(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[D] Column format: `outputs` is the one tensor, or an object of all of them."""
        response = predict(http, base, inputs=columns(signature, rows=2))
        assert response.status_code == 200, response.text
        outputs = response.json()["outputs"]
        if len(signature["outputs"]) > 1:
            assert outputs.keys() == signature["outputs"].keys()
            outputs = next(iter(outputs.values()))
        assert len(outputs) == 2

    def test_rows_and_columns_give_the_same(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[D] Two ways to write the same tensors."""
        by_rows = predict(http, base, instances=[named_row(signature)]).json()["predictions"][0]
        by_columns = predict(http, base, inputs=columns(signature)).json()["outputs"]
        if len(signature["outputs"]) > 1:
            by_columns = {name: column[0] for name, column in by_columns.items()}
        else:
            (by_columns,) = by_columns
        assert json.dumps(by_rows, sort_keys=True) == json.dumps(by_columns, sort_keys=True)

    def test_a_single_input_needs_no_name(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[D] For one named input, `inputs` may be its value."""
        if len(signature["inputs"]) > 1:
            pytest.skip("the model has several inputs")
        (column,) = columns(signature).values()
        assert predict(http, base, inputs=column).status_code == 200

    def test_several_inputs_need_names(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] FillTensorMapFromInstancesList, FillTensorMapFromInputsMap: a plain list where an object is expected."""
        if len(signature["inputs"]) == 1:
            pytest.skip("the model has one input")
        expect_error(predict(http, base, instances=[1]))
        expect_error(predict(http, base, inputs=[1]))

    @pytest.mark.parametrize("name", ["", SIGNATURE])
    def test_the_signature_may_be_named(self, http: httpx.Client, base: str, signature: dict, name: str) -> None:
        """[H] GetInfoMap: an empty name is that of the default signature."""
        assert predict(http, base, signature_name=name, instances=[bare_row(signature)]).status_code == 200

    def test_a_version_may_be_named(self, http: httpx.Client, base: str, signature: dict, version: str) -> None:
        """[D] POST /v1/models/${MODEL_NAME}[/versions/${MODEL_VERSION}]:predict."""
        answers = [
            predict(http, path, instances=[bare_row(signature)]) for path in (base, f"{base}/versions/{version}")
        ]
        assert answers[0].json() == answers[1].json()

    def test_nan_and_infinity_are_bare_words(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[D] JSON conformance: requests may hold `NaN`, `Infinity` and `-Infinity`."""
        dtypes = {name: tensor["dtype"] for name, tensor in signature["inputs"].items()}
        if not set(dtypes.values()).intersection(FLOATS):
            pytest.skip("the model has no input of floating-point numbers")
        for word in ("NaN", "Infinity", "-Infinity"):
            parts = []
            for name, value in named_row(signature).items():
                told = json.dumps(value)
                parts.append(f"{json.dumps(name)}: {told.replace('0', word) if dtypes[name] in FLOATS else told}")
            response = http.post(f"{base}:predict", content=f'{{"instances": [{{{", ".join(parts)}}}]}}')
            assert response.status_code == 200, response.text
            json.loads(response.content)

    def test_strings_may_be_base64(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[D] Encoding binary values: `{"b64": …}` stands for a string."""
        if not all(tensor["dtype"] == "DT_STRING" for tensor in signature["inputs"].values()):
            pytest.skip("the model has inputs of other than strings")
        body = json.dumps({"instances": [bare_row(signature)]}).replace('""', '{"b64": ""}')
        assert http.post(f"{base}:predict", content=body).status_code == 200

    def test_the_case_of_the_path_does_not_matter(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[P] kPredictionApiGegex: `(?i)`."""
        path = base.replace("/v1/models", "/V1/Models")
        assert predict(http, path, instances=[bare_row(signature)]).status_code == 200


class TestPredictRefuses:
    @pytest.mark.parametrize("content", [b"", b"instances = [1, 2]", b"[]", b"{", b"1"])
    def test_what_is_no_json_object(self, http: httpx.Client, base: str, content: bytes) -> None:
        """[J] ParseJson: an empty document, a parse error, anything but an object."""
        expect_error(http.post(f"{base}:predict", content=content))

    def test_both_formats_at_once_and_neither(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] FillPredictRequestFromJson: exactly one of `instances` and `inputs`."""
        expect_error(predict(http, base, instances=[bare_row(signature)], inputs=columns(signature)))
        expect_error(predict(http, base))

    @pytest.mark.parametrize("instances", [[], {}, "", 1, None])
    def test_instances_that_are_no_list_of_some(self, http: httpx.Client, base: str, instances: Any) -> None:
        """[J] FillPredictRequestFromJson: `instances` is a list that is not empty."""
        expect_error(predict(http, base, instances=instances))

    @pytest.mark.parametrize("name", [100, None, "no_such_signature"])
    def test_a_signature_that_is_not_there(self, http: httpx.Client, base: str, signature: dict, name: Any) -> None:
        """[J] FillSignature: a string; [H] GetInfoMap: one that the model has."""
        expect_error(predict(http, base, signature_name=name, instances=[bare_row(signature)]))

    def test_a_value_of_another_type(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] AddValueToTensor: text is no number, and a number no text."""
        name, tensor = next(iter(signature["inputs"].items()))
        wrong = json.dumps(zeros(tensor)).replace('""', "7").replace("0", '"x"').replace("false", '"x"')
        row = {**named_row(signature), name: json.loads(wrong)}
        expect_error(predict(http, base, instances=[row]))

    def test_another_input_and_a_missing_one(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] FillTensorMapFromInstancesList: an instance names every input, and no other."""
        row = named_row(signature)
        expect_error(predict(http, base, instances=[{**row, "no_such_input": 1}]))
        expect_error(predict(http, base, instances=[{"no_such_input": 1}]))
        row.popitem()
        expect_error(predict(http, base, inputs={name: [value] for name, value in row.items()}))

    def test_a_list_among_objects(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] FillTensorMapFromInstancesList: either a plain list or a list of objects, not a mix."""
        expect_error(predict(http, base, instances=[named_row(signature), [1]]))

    def test_rows_of_different_shapes(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[J] AddInstanceItem: all instances have the shape of the first."""
        row = named_row(signature)
        name = next(iter(row))
        expect_error(predict(http, base, instances=[row, {**row, name: [[row[name]], [row[name]]]}]))

    def test_a_model_or_a_version_that_is_not_there(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[S] NOT_FOUND is 404."""
        row = bare_row(signature)
        expect_error(predict(http, "/v1/models/no_such_model", instances=[row]), 404)
        expect_error(predict(http, f"{base}/versions/999999999", instances=[row]), 404)

    def test_a_label_that_is_not_there(self, http: httpx.Client, base: str, signature: dict) -> None:
        """[H] PredictRequestErrors: an unrecognised label is an invalid argument."""
        expect_error(predict(http, f"{base}/labels/no_such_label", instances=[bare_row(signature)]))


class TestClassifyAndRegress:
    @pytest.mark.parametrize("method", ["classify", "regress"])
    def test_give_a_result_for_each_example(self, http: httpx.Client, base: str, signature: dict, method: str) -> None:
        """[J] MakeJsonFromClassificationResult, MakeJsonFromRegressionResult: `results`, one for each example."""
        example = {name: flat(zeros(tensor), tensor["dtype"]) for name, tensor in signature["inputs"].items()}
        response = http.post(f"{base}:{method}", json={"examples": [example, example]})
        if response.status_code == 400:
            expect_error(response)
            pytest.skip(f"the model's signature does not {method}")
        results = response.json()["results"]
        assert len(results) == 2
        for result in results:
            pairs = result if method == "classify" else [["", result]]
            assert all(isinstance(label, str) and isinstance(score, float) for label, score in pairs)

    @pytest.mark.parametrize("method", ["classify", "regress"])
    @pytest.mark.parametrize(
        "body", [{}, {"examples": []}, {"examples": {}}, {"examples": [1]}, {"examples": [{"x": [[1]]}]}]
    )
    def test_refuse_what_is_no_list_of_examples(self, http: httpx.Client, base: str, method: str, body: dict) -> None:
        """[J] FillClassifyRegressRequestFromJson, MakeExampleFromJsonObject, AddValueToFeature."""
        expect_error(http.post(f"{base}:{method}", json=body))


def flat(value: Any, dtype: str) -> list[Any]:
    """One row's values as a feature has them; floating-point numbers are written with a point."""
    values = [value]
    while any(isinstance(each, list) for each in values):
        values = [each for inner in values for each in inner]
    return [float(each) for each in values] if dtype in FLOATS else values


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/foo"),
        ("POST", "/v1/foo"),
        ("POST", "/v1/models"),
        ("GET", "{base}:predict"),
        ("POST", "{base}/metadata"),
        ("POST", "{base}/version/50:regress"),
        ("POST", "{base}/versions/HELLO:regress"),
        ("POST", "{base}/versions/18446744073709551615:regress"),
        ("POST", "{base}/versions/50/labels/some_label:regress"),
    ],
)
def test_a_malformed_request_is_an_invalid_argument(http: httpx.Client, base: str, method: str, path: str) -> None:
    """[H] UnsupportedApiCalls."""
    expect_error(http.request(method, path.format(base=base)))
