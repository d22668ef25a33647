"""Inference as the Open Inference Protocol has it: JSON, binary tensors, raw tensors, each to the same answer."""

import gzip
import json
import zlib

import httpx
import numpy as np
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v2/models/simple/infer"
ONES = np.ones((1, 16), np.int32)
COUNT = np.arange(16, dtype=np.int32)[np.newaxis]


def json_input(name: str, array: np.ndarray, datatype: str = "INT32") -> dict:
    return {"name": name, "shape": list(array.shape), "datatype": datatype, "data": array.ravel().tolist()}


def binary(asked: dict, **arrays: np.ndarray) -> tuple[bytes, dict[str, str]]:
    """A body whose inputs are bytes, with the header that tells where they begin."""
    names = {"int32": "INT32", "float32": "FP32"}
    asked["inputs"] = [
        {
            "name": name,
            "shape": list(array.shape),
            "datatype": names[array.dtype.name],
            "parameters": {"binary_data_size": array.nbytes},
        }
        for name, array in arrays.items()
    ]
    head = json.dumps(asked).encode()
    tail = b"".join(array.tobytes() for array in arrays.values())
    return head + tail, {"Inference-Header-Content-Length": str(len(head))}


def parts_of(response: httpx.Response) -> tuple[dict, bytes]:
    length = int(response.headers["inference-header-content-length"])
    return json.loads(response.content[:length]), response.content[length:]


async def test_json_in_gives_json_out_with_the_outputs_in_the_models_order(simple: httpx.AsyncClient) -> None:
    inputs = [json_input("INPUT0", COUNT), json_input("INPUT1", ONES)]
    response = await simple.post(PATH, json={"id": "42", "inputs": inputs})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {
        "model_name": "simple",
        "model_version": "1",
        "id": "42",
        "outputs": [
            {"name": "OUTPUT0", "datatype": "INT32", "shape": [1, 16], "data": (COUNT + 1).ravel().tolist()},
            {"name": "OUTPUT1", "datatype": "INT32", "shape": [1, 16], "data": (COUNT - 1).ravel().tolist()},
        ],
    }


async def test_nested_data_are_what_flat_data_are(simple: httpx.AsyncClient) -> None:
    nested = {**json_input("INPUT0", COUNT), "data": COUNT.tolist()}
    response = await simple.post(PATH, json={"inputs": [nested, json_input("INPUT1", ONES)]})
    assert response.json()["outputs"][0]["data"] == (COUNT + 1).ravel().tolist()


async def test_binary_in_gives_binary_out_where_that_is_asked(simple: httpx.AsyncClient) -> None:
    body, headers = binary({"parameters": {"binary_data_output": True}}, INPUT0=COUNT, INPUT1=ONES)
    response = await simple.post(PATH, content=body, headers=headers)
    assert response.headers["content-type"] == "application/octet-stream"
    head, tail = parts_of(response)
    assert [output["parameters"] for output in head["outputs"]] == [{"binary_data_size": 64}] * 2
    assert tail == (COUNT + 1).tobytes() + (COUNT - 1).tobytes()


async def test_an_output_may_differ_from_what_is_asked_for_all(simple: httpx.AsyncClient) -> None:
    outputs = [{"name": "OUTPUT1", "parameters": {"binary_data": False}}, {"name": "OUTPUT0"}]
    asked = {"parameters": {"binary_data_output": True}, "outputs": outputs}
    body, headers = binary(asked, INPUT0=COUNT, INPUT1=ONES)
    head, tail = parts_of(await simple.post(PATH, content=body, headers=headers))
    assert [output["name"] for output in head["outputs"]] == ["OUTPUT1", "OUTPUT0"]
    assert head["outputs"][0]["data"] == (COUNT - 1).ravel().tolist()
    assert tail == (COUNT + 1).tobytes()


async def test_binary_and_json_inputs_may_stand_together(simple: httpx.AsyncClient) -> None:
    body, headers = binary({}, INPUT0=COUNT)
    length = int(headers["Inference-Header-Content-Length"])
    asked = json.loads(body[:length])
    asked["inputs"].insert(0, json_input("INPUT1", ONES))
    head = json.dumps(asked).encode()
    headers["Inference-Header-Content-Length"] = str(len(head))
    response = await simple.post(PATH, content=head + body[length:], headers=headers)
    assert response.json()["outputs"][0]["data"] == (COUNT + 1).ravel().tolist()


@pytest.mark.parametrize("spaces", range(4))
async def test_bytes_may_begin_anywhere(simple: httpx.AsyncClient, spaces: int) -> None:
    body, headers = binary({}, INPUT0=COUNT, INPUT1=ONES)
    headers["Inference-Header-Content-Length"] = str(int(headers["Inference-Header-Content-Length"]) + spaces)
    response = await simple.post(PATH, content=b" " * spaces + body, headers=headers)
    assert response.json()["outputs"][0]["data"] == (COUNT + 1).ravel().tolist()


async def test_a_large_answer_is_the_same_in_several_pieces(simple: httpx.AsyncClient) -> None:
    array = np.arange(40_000, dtype=np.float32)[np.newaxis]
    body, headers = binary({"parameters": {"binary_data_output": True}}, INPUT0=array)
    response = await simple.post("/v2/models/floats/infer", content=body, headers=headers)
    assert parts_of(response)[1] == array.tobytes()
    assert int(response.headers["content-length"]) == len(response.content)


async def test_a_raw_tensor_is_one_row_and_the_answer_binary(simple: httpx.AsyncClient) -> None:
    array = np.array([1.5, -2, np.nan], np.float32)
    raw = {"Inference-Header-Content-Length": "0"}
    head, tail = parts_of(await simple.post("/v2/models/floats/infer", content=array.tobytes(), headers=raw))
    assert head["outputs"][0]["shape"] == [1, 3]
    assert tail == array.tobytes()


async def test_a_raw_string_is_the_body_itself(simple: httpx.AsyncClient) -> None:
    raw = {"Inference-Header-Content-Length": "0"}
    head, tail = parts_of(await simple.post("/v2/models/simple_identity/infer", content="日本".encode(), headers=raw))
    assert head["outputs"][0]["datatype"] == "BYTES"
    assert tail == b"\x06\0\0\0" + "日本".encode()


async def test_strings_travel_in_json(simple: httpx.AsyncClient) -> None:
    texts = {"name": "INPUT0", "shape": [2, 1], "datatype": "BYTES", "data": ["a\0b", "日本"]}
    response = await simple.post("/v2/models/simple_identity/infer", json={"inputs": [texts]})
    assert response.json()["outputs"][0] == {**texts, "name": "OUTPUT0"}


async def test_nan_and_infinity_pass(simple: httpx.AsyncClient) -> None:
    body = '{"inputs":[{"name":"INPUT0","shape":[1,3],"datatype":"FP32","data":[NaN,Infinity,-Infinity]}]}'
    response = await simple.post("/v2/models/floats/infer", content=body)
    assert '"data":[NaN,Infinity,-Infinity]' in response.text


async def test_classes_come_with_their_labels_largest_first(simple: httpx.AsyncClient) -> None:
    scores = np.array([[0.25, 0.5, 0.125], [3, 1, 2]], np.float32)
    outputs = [{"name": "OUTPUT0", "parameters": {"classification": 2}}]
    asked = {"inputs": [json_input("INPUT0", scores, "FP32")], "outputs": outputs}
    response = await simple.post("/v2/models/scores/infer", json=asked)
    assert response.json()["outputs"][0] == {
        "name": "OUTPUT0",
        "datatype": "BYTES",
        "shape": [2, 2],
        "data": ["0.500000:1:dog", "0.250000:0:cat", "3.000000:0:cat", "2.000000:2:eel"],
    }


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
@pytest.mark.parametrize("width", [3, 30_000])
async def test_bodies_may_be_compressed_both_ways(
    simple: httpx.AsyncClient, encoding: str, pack: object, width: int
) -> None:
    array = np.arange(width, dtype=np.float32)[np.newaxis]
    body, headers = binary({"parameters": {"binary_data_output": True}}, INPUT0=array)
    headers |= {"Content-Encoding": encoding, "Accept-Encoding": encoding}
    response = await simple.post("/v2/models/floats/infer", content=pack(body), headers=headers)
    assert response.headers["content-encoding"] == encoding
    assert parts_of(response)[1] == array.tobytes()


async def test_an_answer_is_not_compressed_for_who_only_can_read_it(simple: httpx.AsyncClient) -> None:
    asked = {"inputs": [json_input("INPUT0", COUNT), json_input("INPUT1", ONES)]}
    response = await simple.post(PATH, json=asked, headers={"Accept-Encoding": "gzip, deflate"})
    assert "content-encoding" not in response.headers


async def test_a_version_may_be_named(simple: httpx.AsyncClient) -> None:
    asked = {"inputs": [json_input("INPUT0", COUNT), json_input("INPUT1", ONES)]}
    response = await simple.post("/v2/models/simple/versions/1/infer", json=asked)
    assert response.json()["model_version"] == "1"


@pytest.mark.parametrize("parameters", [{"priority": 1}, {"priority": 3, "timeout": 10_000_000}, {"timeout": 0}])
async def test_priority_and_timeout_are_taken(simple: httpx.AsyncClient, parameters: dict) -> None:
    asked = {"parameters": parameters, "inputs": [json_input("INPUT0", COUNT), json_input("INPUT1", ONES)]}
    assert (await simple.post(PATH, json=asked)).status_code == 200


async def test_a_model_with_a_task_takes_its_signatures_tensors_too(client: httpx.AsyncClient) -> None:
    tokens = np.array([[2, 0, 0, 0, 0, 0]], np.int32)
    response = await client.post("/v2/models/sentiment/infer", json={"inputs": [json_input("tokens", tokens)]})
    assert response.json()["outputs"][0]["shape"] == [1, 1]
