import math

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="conversion needs the tensorflow extra")

import keras
import tensorflow as tf

from app.conversion.errors import ConversionFailed
from app.conversion.function import ServingFunction
from app.conversion.graphs import write_onnx, write_saved_model
from app.conversion.parity import new_runtime
from app.types import TensorSpec

X = TensorSpec("x", "float32", (None, 2))


def test_both_files_have_the_functions_names_and_say_the_same(tmp_path, saved_model):
    weight = tf.Variable([2.0, 3.0])
    function = ServingFunction(
        (X, TensorSpec("n", "int64", (None,))),
        lambda x, n: {"zeta": x * weight, "alpha": n + 1, "middle": tf.identity(x)},
        [weight],
    )
    write_saved_model(function, tmp_path)
    write_onnx(function, tmp_path)
    rows = {"x": np.ones((2, 2), np.float32), "n": np.array([4, 5])}
    for name in ("tensorflow", "onnx"):
        runtime = new_runtime(name)
        signature = runtime.load(tmp_path)
        assert {spec.name for spec in signature.outputs} == {"zeta", "alpha", "middle"}
        answers = runtime.run(rows)
        np.testing.assert_array_equal(answers["zeta"], [[2, 3], [2, 3]])
        np.testing.assert_array_equal(answers["alpha"], [5, 6])
        np.testing.assert_array_equal(answers["middle"], rows["x"])
        runtime.close()
    assert not (tmp_path / "assets").exists()


def test_the_exact_gelu_is_converted(tmp_path, saved_model):
    write_onnx(ServingFunction((X,), lambda x: {"y": keras.activations.gelu(x, approximate=False)}, []), tmp_path)
    runtime = new_runtime("onnx")
    runtime.load(tmp_path)
    rows = np.linspace(-6, 6, 24, dtype=np.float32).reshape(12, 2)
    expected = [[x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in row] for row in rows.tolist()]
    np.testing.assert_allclose(runtime.run({"x": rows})["y"], expected, atol=1e-6)


def test_constants_that_a_function_only_refers_to_are_constants_of_the_graph(tmp_path, saved_model):
    wide = TensorSpec("x", "float32", (None, 400))
    mean = tf.constant(np.arange(400, dtype=np.float32))
    write_onnx(ServingFunction((wide,), lambda x: {"y": x - mean}, []), tmp_path)
    runtime = new_runtime("onnx")
    assert [spec.name for spec in runtime.load(tmp_path).inputs] == ["x"]
    answer = runtime.run({"x": np.ones((2, 400), np.float32)})["y"]
    np.testing.assert_array_equal(answer, np.stack([1 - np.arange(400, dtype=np.float32)] * 2))


def test_what_onnx_cannot_hold_is_one_line(tmp_path, saved_model):
    function = ServingFunction((TensorSpec("s", "string", (None,)),), lambda s: {"y": tf.strings.length(s)}, [])
    with pytest.raises(ConversionFailed, match="the model cannot be converted to ONNX: ") as raised:
        write_onnx(function, tmp_path)
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
