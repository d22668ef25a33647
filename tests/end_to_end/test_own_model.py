"""A user's own Keras model, added and served by the real command, asked over our own protocol and the standard ones."""

import json
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="a .keras file is converted with the tensorflow extra")

COMMAND = Path(sys.executable).with_name("horngate")
ADDING = ["--runtimes", "onnx", "--seconds", "0.01", "--labels", "cat,dog,owl"]
ROWS = {"weight": [[0.5, 1.5], [-1.0, 2.0]], "colours": [[1, 2, 0], [3, 3, 3]]}

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def keras_model(saved_model: Path) -> Any:
    """Two inputs, one of free length, and a dictionary of outputs; `saved_model` has TensorFlow set up."""
    import keras

    keras.utils.set_random_seed(4)
    layers = keras.layers
    weight = keras.Input((2,), name="weight")
    colours = keras.Input((None,), dtype="int32", name="colours")
    vector = layers.Concatenate()([weight, layers.GlobalAveragePooling1D()(layers.Embedding(4, 3)(colours))])
    outputs = {"species": layers.Dense(3, activation="softmax")(vector), "vector": vector}
    return keras.Model({"weight": weight, "colours": colours}, outputs)


@pytest.fixture(scope="module")
def added(keras_model: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The models folder, and what the command said as it added the model to it."""
    folder = tmp_path_factory.mktemp("own")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras_model.save(folder / "animals.keras")
    command = [COMMAND, "models", "add", "animals.keras", "--name", "animals", "--models", "models", "--json", *ADDING]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "models", json.loads(done.stdout)


@pytest.fixture(scope="module")
def server(added: tuple[Path, dict[str, Any]], serve: Callable[..., Any]) -> Iterator[Any]:
    """One worker over that folder."""
    with serve(added[0], workers=1) as server:
        yield server


@pytest.fixture(scope="module")
def expected(keras_model: Any) -> dict[str, np.ndarray]:
    """What Keras says to the rows."""
    given = {"weight": np.array(ROWS["weight"], np.float32), "colours": np.array(ROWS["colours"], np.int32)}
    return keras_model.predict_on_batch(given)


def test_the_command_says_what_it_made(added: tuple[Path, dict[str, Any]]) -> None:
    _, told = added
    assert (told["model"], told["task"], told["labels"]) == ("animals/1", "tensor", ["cat", "dog", "owl"])
    assert {name: found["max_abs_diff"] <= 1e-4 for name, found in told["parity"].items()} == {
        "tensorflow": True,
        "onnx": True,
    }


def test_our_own_route_names_the_class_of_each_row(server: Any, expected: dict[str, np.ndarray]) -> None:
    answer = server.post("/predict/animals", json={"inputs": ROWS})
    assert answer.status_code == 200, answer.text
    for row, prediction in enumerate(answer.json()["predictions"]):
        np.testing.assert_allclose(prediction["outputs"]["species"], expected["species"][row], atol=1e-4)
        np.testing.assert_allclose(prediction["outputs"]["vector"], expected["vector"][row], atol=1e-4)
        assert prediction["label"] == ["cat", "dog", "owl"][int(expected["species"][row].argmax())]
        assert prediction["score"] == max(prediction["probabilities"].values())


def test_the_open_inference_protocol_gives_every_output(server: Any, expected: dict[str, np.ndarray]) -> None:
    inputs = [
        {"name": "weight", "shape": [2, 2], "datatype": "FP32", "data": ROWS["weight"]},
        {"name": "colours", "shape": [2, 3], "datatype": "INT32", "data": ROWS["colours"]},
    ]
    answer = server.post("/v2/models/animals/infer", json={"inputs": inputs})
    assert answer.status_code == 200, answer.text
    told = {each["name"]: np.reshape(each["data"], each["shape"]) for each in answer.json()["outputs"]}
    for name, array in expected.items():
        np.testing.assert_allclose(told[name], array, atol=1e-4)


def test_tensorflow_servings_rest_gives_the_same(server: Any, expected: dict[str, np.ndarray]) -> None:
    answer = server.post("/v1/models/animals:predict", json={"inputs": ROWS})
    assert answer.status_code == 200, answer.text
    np.testing.assert_allclose(answer.json()["outputs"]["species"], expected["species"], atol=1e-4)


def test_wrong_names_and_shapes_are_told_with_the_signature(server: Any) -> None:
    wrong = server.post("/predict/animals", json={"inputs": {**ROWS, "wieght": 1}})
    assert wrong.status_code == 422
    assert "did you mean 'weight'" in wrong.json()["detail"]
    short = server.post("/predict/animals", json={"inputs": {**ROWS, "weight": [[1.0]]}})
    assert "expected [-1, 2] float32" in short.json()["detail"]
