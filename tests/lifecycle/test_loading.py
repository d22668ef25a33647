"""From a version folder to a living model."""

import importlib.util
import json
import shutil

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.errors import ModelInvalid
from app.lifecycle.loading import load_version
from app.repository.manifest import write_manifest
from app.repository.scanner import VersionFolder
from app.service import predict


@pytest.fixture
def load(observer):
    """Loads a version folder."""
    return lambda folder: load_version(
        VersionFolder(folder.parent.name, int(folder.name), folder), observer, max_queue_rows=64
    )


def rewrite(folder, **content):
    """Write the manifest again, with other values, hashing the files as they are now."""
    old = json.loads((folder / "manifest.json").read_text())
    return write_manifest(folder, {key: value for key, value in {**old, **content}.items() if key != "files"})


@pytest.mark.parametrize("name", ["sentiment", "topic", "digit", "adder"])
async def test_a_folder_becomes_a_living_model(tiny_models, load, name):
    model = load(tiny_models / name / "1")
    assert (model.name, model.version) == (name, 1)
    assert model.manifest.name == name
    assert {spec.name for spec in model.signature.inputs} == {spec.name for spec in model.manifest.signature.inputs}
    await model.close(0)


async def test_a_model_with_a_measured_short_batch_runs_on_the_event_loop_and_others_on_threads(
    tmp_path, build_topic, load
):
    plans = {
        "short": {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}},
        "long": {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.1}},
        "short alone": {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"1": 0.001, "8": 0.008}},
        "unmeasured": {"runtime": "onnx", "max_batch_rows": 8},
        "several": {"runtime": "onnx", "max_batch_rows": 8, "batch_seconds": {"8": 0.0001}, "instances": 2},
    }
    models = {name: load(build_topic(tmp_path, name.replace(" ", "-"), plan=plan)) for name, plan in plans.items()}
    assert {name: model.running.place for name, model in models.items()} == {
        "short": "event loop",
        "long": "thread",
        "short alone": "event loop or thread",
        "unmeasured": "thread",
        "several": "thread",
    }
    assert models["several"].pool.instances == 2
    for model in models.values():
        await model.close(0)


def test_a_corrupt_model_file_with_the_right_hash_is_refused(tmp_path, build_digit, load):
    folder = build_digit(tmp_path)
    (folder / "model.onnx").write_bytes(b"junk")
    rewrite(folder)
    with pytest.raises(ModelInvalid, match=r"model\.onnx cannot be loaded"):
        load(folder)


@pytest.mark.parametrize(
    ("part", "spec"),
    [
        ("inputs", {"name": "picture", "dtype": "float32", "shape": [None, 28, 28, 1]}),
        ("inputs", {"name": "pixels", "dtype": "float64", "shape": [None, 28, 28, 1]}),
        ("inputs", {"name": "pixels", "dtype": "float32", "shape": [None, 784]}),
        ("inputs", {"name": "pixels", "dtype": "float32", "shape": [None, 14, 14, 1]}),
        ("outputs", {"name": "probabilities", "dtype": "float32", "shape": [None, 11]}),
    ],
    ids=["name", "dtype", "rank", "size", "output"],
)
def test_a_model_whose_signature_differs_from_the_manifest_is_refused(tmp_path, build_digit, load, part, spec):
    folder = build_digit(tmp_path)
    signature = json.loads((folder / "manifest.json").read_text())["signature"]
    rewrite(folder, signature={**signature, part: [spec]})
    with pytest.raises(ModelInvalid, match=f"the manifest promises the {part}"):
        load(folder)


async def test_a_size_that_one_side_leaves_open_is_no_difference(tmp_path, build_digit, load):
    folder = build_digit(tmp_path)
    signature = json.loads((folder / "manifest.json").read_text())["signature"]
    rewrite(folder, signature={**signature, "outputs": [{**signature["outputs"][0], "shape": [None, None]}]})
    await load(folder).close(0)


def test_a_model_file_that_the_manifest_does_not_vouch_for_is_refused(tmp_path, build_digit, load):
    folder = build_digit(tmp_path)
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "files": {}}))
    with pytest.raises(ModelInvalid, match=r"model\.onnx is not among the files"):
        load(folder)


def test_a_tokenizer_that_the_manifest_does_not_vouch_for_is_refused(tmp_path, build_topic, load):
    folder = build_topic(tmp_path)
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    del content["files"]["tokenizer.json"]
    path.write_text(json.dumps(content))
    with pytest.raises(ModelInvalid, match=r"tokenizer\.json is not among the files"):
        load(folder)


def one_node_model(folder, shape, op="Identity", kind=TensorProto.FLOAT, dtype="float32"):
    """A tensor model of one node, whose input and output have this shape."""
    folder.mkdir(parents=True)
    infos = [helper.make_tensor_value_info(name, kind, shape) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node(op, ["x"], ["y"])], "one", infos[:1], infos[1:])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    sizes = [size if isinstance(size, int) else None for size in shape]
    parts = [[{"name": name, "dtype": dtype, "shape": sizes}] for name in ("x", "y")]
    write_manifest(
        folder,
        {
            "name": folder.parent.name,
            "version": int(folder.name),
            "task": "tensor",
            "signature": {"inputs": parts[0], "outputs": parts[1]},
            "plan": {"runtime": "onnx"},
        },
    )
    return folder


@pytest.mark.parametrize("shape", [[], [1, 3]], ids=["scalar", "one row"])
def test_a_model_that_takes_no_free_number_of_rows_is_refused(tmp_path, load, shape):
    with pytest.raises(ModelInvalid, match="expected the rows as the first, free dimension of 'x'"):
        load(one_node_model(tmp_path / "fixed" / "1", shape))


async def test_a_model_of_strings_or_free_widths_is_not_warmed_but_served(tmp_path, load):
    words = load(one_node_model(tmp_path / "words" / "1", ["rows"], kind=TensorProto.STRING, dtype="string"))
    free = load(one_node_model(tmp_path / "free" / "1", ["rows", "width"]))
    words_in = {"x": np.array(["a", "b"], object)}
    assert (await predict(words, [words_in], 10, 30)).predictions[1] == {"outputs": {"y": "b"}}
    answer = await predict(free, [{"x": np.ones((1, 4), np.float32)}], 10, 30)
    assert answer.predictions == [{"outputs": {"y": [1, 1, 1, 1]}}]
    for model in (words, free):
        await model.close(0)


def test_a_model_that_fails_while_it_is_warmed_is_refused(tmp_path, load, build_topic):
    folder = build_topic(tmp_path)
    nodes = [helper.make_node("Gather", ["table", "tokens"], ["probabilities"])]
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT32, ["rows", 6])
    probabilities = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["rows", 4])
    empty = helper.make_tensor("table", TensorProto.FLOAT, [0], [])
    graph = helper.make_graph(nodes, "broken", [tokens], [probabilities], [empty])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx"
    )
    rewrite(folder)
    with pytest.raises(ModelInvalid, match="fails on a batch of zeros"):
        load(folder)


def test_a_folder_for_tensorflow_names_the_command_where_it_is_not_installed(tmp_path, load, monkeypatch):
    (tmp_path / "net" / "3").mkdir(parents=True)
    (tmp_path / "net" / "3" / "saved_model.pb").write_bytes(b"whatever")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorflow" else find(name))
    with pytest.raises(ModelInvalid, match=r"pip install 'horngate\[tensorflow\]' .*make serve EXTRAS=tensorflow"):
        load(tmp_path / "net" / "3")


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_an_unfinished_copy_of_an_export_is_not_adopted(tmp_path, load, build_sentiment, file):
    folder = build_sentiment(tmp_path)
    (folder / "manifest.json").unlink()
    (folder / "saved_model.pb").write_bytes(b"whatever")
    for other in {"model.onnx", "tokenizer.json"} - {file}:
        (folder / other).unlink()
    with pytest.raises(ModelInvalid, match=r"manifest\.json is missing"):
        load(folder)


async def test_short_texts_share_larger_batches_from_the_first_request_on(tmp_path, build_sentiment, load, observer):
    folder = build_sentiment(tmp_path)
    network = onnx.load(folder / "model.onnx")
    network.graph.input[0].type.tensor_type.shape.dim[1].dim_param = "length"
    onnx.save(network, folder / "model.onnx")
    tensors = json.loads((folder / "manifest.json").read_text())["signature"]
    tensors["inputs"][0]["shape"] = [None, None]
    plan = {"runtime": "onnx", "max_batch_rows": 2}
    rewrite(folder, signature=tensors, text={"length": 6, "buckets": [2, 6]}, plan=plan)
    model = load(folder)
    await predict(model, ["good film"] * 12, 10, 30)
    assert observer.batches == [6, 6]
    await model.close(0)


async def test_a_folder_that_holds_only_a_saved_model_is_adopted(tmp_path, load, saved_model):
    shutil.copytree(saved_model, tmp_path / "squares" / "4")
    model = load(tmp_path / "squares" / "4")
    try:
        assert (model.manifest.task, model.manifest.plan) == ("tensor", None)
        assert model.running.runtime == ("openvino" if importlib.util.find_spec("openvino") else "tensorflow")
        assert model.running.is_degraded is False
        assert (model.manifest.name, model.manifest.version) == ("squares", 4)
        tensors = {"values": np.ones((2, 3), np.float32), "ids": np.array([2, 3], np.int32)}
        answer = await predict(model, [tensors], 100, 30)
        assert [row["outputs"]["picked"] for row in answer.predictions] == [4, 9]
    finally:
        await model.close(1)
