"""What is ONNX Runtime's alone."""

import onnx
import pytest
from onnx import TensorProto, helper

from app.errors import ModelInvalid
from app.inference.runtimes.onnx import OnnxRuntime


def test_a_missing_file_is_an_invalid_model(tmp_path):
    with pytest.raises(ModelInvalid, match=r"model\.onnx cannot be loaded by ONNX Runtime"):
        OnnxRuntime().load(tmp_path)


def test_dtypes_have_numpys_names_and_free_dimensions_are_none(tmp_path):
    kinds = {
        TensorProto.FLOAT16: "float16",
        TensorProto.DOUBLE: "float64",
        TensorProto.INT64: "int64",
        TensorProto.BOOL: "bool",
        TensorProto.STRING: "string",
    }
    infos = [
        [helper.make_tensor_value_info(f"{name}{part}", kind, ["rows", 2, "width"]) for kind, name in kinds.items()]
        for part in ("_in", "_out")
    ]
    nodes = [helper.make_node("Identity", [f"{name}_in"], [f"{name}_out"]) for name in kinds.values()]
    graph = helper.make_graph(nodes, "identities", *infos)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), tmp_path / "model.onnx"
    )
    signature = OnnxRuntime().load(tmp_path)
    assert [spec.dtype for spec in signature.inputs] == list(kinds.values())
    assert [spec.dtype for spec in signature.outputs] == list(kinds.values())
    assert {spec.shape for spec in signature.inputs} == {(None, 2, None)}


def test_the_number_of_threads_is_the_callers(onnx_model):
    runtime = OnnxRuntime(threads=3)
    runtime.load(onnx_model)
    assert runtime._session.get_session_options().intra_op_num_threads == 3
    runtime.close()
