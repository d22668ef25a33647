"""What is OpenVINO's alone."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.errors import InferenceFailed, ModelInvalid
from app.inference.runtimes.openvino import REPORTING, OpenVinoRuntime
from app.inference.runtimes.signal_stack import SignalStack

pytest.importorskip("openvino", reason="the runtime needs the openvino extra")


@pytest.fixture
def identities(tmp_path: Path) -> Callable[..., Path]:
    """A folder with a model that hands inputs of these types on, or casts them to another."""

    def build(*kinds: int, to: int | None = None) -> Path:
        infos = [
            [
                helper.make_tensor_value_info(
                    f"{part}{kind}", to if to and part == "out" else kind, ["rows", 2, "width"]
                )
                for kind in kinds
            ]
            for part in ("in", "out")
        ]
        nodes = [
            helper.make_node("Cast", [f"in{kind}"], [f"out{kind}"], to=to)
            if to
            else helper.make_node("Identity", [f"in{kind}"], [f"out{kind}"])
            for kind in kinds
        ]
        graph = helper.make_graph(nodes, "identities", *infos)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.save(model, tmp_path / "model.onnx")
        return tmp_path

    return build


def test_dtypes_have_numpys_names_and_free_dimensions_are_none(identities):
    kinds = {
        TensorProto.FLOAT16: "float16",
        TensorProto.DOUBLE: "float64",
        TensorProto.INT8: "int8",
        TensorProto.UINT8: "uint8",
        TensorProto.BOOL: "bool",
    }
    signature = OpenVinoRuntime().load(identities(*kinds))
    assert [spec.dtype for spec in signature.inputs] == list(kinds.values())
    assert [spec.dtype for spec in signature.outputs] == list(kinds.values())
    assert {spec.shape for spec in signature.inputs} == {(None, 2, None)}


def test_an_output_that_could_hold_more_than_32_bits_is_refused(identities):
    with pytest.raises(
        ModelInvalid, match=f"computes integers in 32 bits; the model gives out{TensorProto.INT64} int64"
    ):
        OpenVinoRuntime().load(identities(TensorProto.INT64))


def test_an_integer_of_more_than_32_bits_fails_and_one_of_32_does_not(identities):
    runtime = OpenVinoRuntime()
    (spec,) = runtime.load(identities(TensorProto.INT64, to=TensorProto.DOUBLE)).inputs
    for fitting in (-(2**31), 2**31 - 1):
        runtime.run({spec.name: np.full((1, 2, 1), fitting)})
    for wide in (-(2**31) - 1, 2**31):
        with pytest.raises(InferenceFailed, match="expected integers of 32 bits"):
            runtime.run({spec.name: np.full((1, 2, 1), wide)})
    assert runtime.run({spec.name: np.empty((0, 2, 1), np.int64)})[f"out{TensorProto.INT64}"].shape == (0, 2, 1)


def test_an_output_of_strings_is_refused(identities):
    with pytest.raises(ModelInvalid, match=r"takes numbers only; .* is string|cannot be loaded by OpenVINO"):
        OpenVinoRuntime().load(identities(TensorProto.STRING))


@pytest.mark.parametrize("threads", [1, 2])
def test_what_fails_in_the_graph_is_told_on_one_line_and_the_next_batch_runs(tmp_path, threads):
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", name]) for name in ("a", "b", "c")]
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["c"])], "sum", infos[:2], infos[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "model.onnx")
    runtime = OpenVinoRuntime(threads)
    runtime.load(tmp_path)
    right = np.ones((2, 3), np.float32)
    for _ in range(2):
        assert runtime.run({"a": right, "b": right})["c"].tolist() == [[2, 2, 2]] * 2
        with pytest.raises(InferenceFailed, match=r"\AOpenVINO: [^\n]+\Z"):
            runtime.run({"a": right, "b": np.ones((3, 5), np.float32)})
    runtime.close()


def test_the_message_of_a_model_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"this is no model")
    with pytest.raises(ModelInvalid, match=r"\Amodel\.onnx cannot be loaded by OpenVINO: [^\n]+\Z") as caught:
        OpenVinoRuntime().load(tmp_path)
    assert ".cpp" not in str(caught.value)


def test_the_number_of_threads_is_the_callers_and_none_is_pinned_to_a_core(onnx_model):
    runtime = OpenVinoRuntime(threads=2)
    runtime.load(onnx_model)
    compiled = runtime._request.get_compiled_model()
    assert compiled.get_property("INFERENCE_NUM_THREADS") == 2
    assert compiled.get_property("ENABLE_CPU_PINNING") is False
    cores = os.sched_getaffinity(0)
    assert all(os.sched_getaffinity(int(task.name)) == cores for task in Path("/proc/self/task").iterdir())
    runtime.close()


FRESH = """
import sys
from pathlib import Path
from app.inference.runtimes.openvino import OpenVinoRuntime
assert "openvino" not in sys.modules
OpenVinoRuntime().load(Path(sys.argv[1]))
assert sys.modules["openvino.tools.ovc"] is None
assert not {"openvino_telemetry", "tensorflow", "urllib.request"} & sys.modules.keys()
"""


def test_loading_imports_nothing_that_reports_to_anyone(onnx_model):
    subprocess.run([sys.executable, "-W", "error", "-c", FRESH, str(onnx_model)], check=True)
    assert REPORTING == "openvino.tools.ovc"


@pytest.fixture
def tf(saved_model):
    """TensorFlow, imported and set up by `saved_model`."""
    import tensorflow as tf

    return tf


def save(tf, folder, serve, **inputs):
    module = tf.Module()
    specs = [tf.TensorSpec((None,), dtype, name=name) for name, dtype in inputs.items()]
    module.serve = tf.function(serve, input_signature=specs, autograph=False)
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})


def test_a_saved_model_whose_output_is_an_input_keeps_both_names(tf, tmp_path):
    save(tf, tmp_path, lambda values: {"same": values}, values=tf.float32)
    runtime = OpenVinoRuntime()
    signature = runtime.load(tmp_path)
    assert [spec.name for spec in (*signature.inputs, *signature.outputs)] == ["values", "same"]
    values = np.ones(3, np.float32)
    outputs = runtime.run({"values": values})
    values[:] = 0
    assert outputs["same"].tolist() == [1, 1, 1]


def test_a_saved_model_whose_input_and_output_share_a_name_is_refused(tf, tmp_path):
    save(tf, tmp_path, lambda values: {"values": values * 2}, values=tf.float32)
    with pytest.raises(ModelInvalid, match="does not keep the signature's values apart"):
        OpenVinoRuntime().load(tmp_path)


def test_a_saved_model_with_strings_is_refused(tf, tmp_path):
    save(tf, tmp_path, lambda texts: {"kept": texts}, texts=tf.string)
    with pytest.raises(ModelInvalid, match="OpenVINO takes numbers only; 'texts' is string; serve it with TensorFlow"):
        OpenVinoRuntime().load(tmp_path)


def test_a_saved_model_of_unknown_rank_is_refused(tf, tmp_path):
    module = tf.Module()
    module.serve = tf.function(lambda x: {"y": x * 2}, input_signature=[tf.TensorSpec(None, tf.float32, name="x")])
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": module.serve})
    with pytest.raises(ModelInvalid, match="dynamic rank"):
        OpenVinoRuntime().load(tmp_path)


def test_a_signal_finds_the_stack_that_it_had_before_a_model_was_compiled(identities: Callable[..., Path]) -> None:
    before = SignalStack.current()
    runtime = OpenVinoRuntime()
    runtime.load(identities(TensorProto.FLOAT))
    after = SignalStack.current()
    runtime.close()
    assert (after.address, after.flags, after.size) == (before.address, before.flags, before.size)
