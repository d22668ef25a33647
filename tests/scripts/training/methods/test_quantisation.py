import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras
import onnx

from scripts.training.architectures import build
from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.methods.quantisation import compare_quantised
from scripts.training.recipe import read_recipe


@pytest.fixture
def made(recipe_file, texts, images):
    def make(task):
        recipe = read_recipe(recipe_file(task))
        keras.utils.set_random_seed(1)
        dataset = load_dataset(f"images:{images}" if task == "digit" else f"texts:{texts}", None)
        material = prepare(recipe, [dataset])
        words = material.tokenizer.get_vocab_size() if material.tokenizer else 0
        return recipe, build(recipe, words, len(material.labels)), material, [dataset]

    return make


@pytest.mark.parametrize("task", ["sentiment", "digit"])
def test_both_models_are_measured_on_both_runtimes(made, tmp_path, task):
    recipe, model, material, datasets = made(task)
    found = compare_quantised(model, material, datasets, recipe.buckets, tmp_path / "int8")
    assert list(found) == ["tensorflow", "onnx"]
    for measured in found.values():
        for kind in ("float32", "int8"):
            assert 0 <= measured[kind]["accuracy"] <= 1
            assert set(measured[kind]["batch_milliseconds"]) == {"1", "32"}
            assert measured[kind]["bytes"] > 0
        differing = measured["mcnemar"]["only_float32_right"] - measured["mcnemar"]["only_int8_right"]
        rows = len(datasets[0].test.targets)
        drop = measured["float32"]["accuracy"] - measured["int8"]["accuracy"]
        assert drop == pytest.approx(differing / rows)
    weights = onnx.load(tmp_path / "int8" / "int8" / "model.onnx").graph.initializer
    assert onnx.TensorProto.INT8 in {weight.data_type for weight in weights}


def test_a_model_that_onnx_cannot_hold_is_measured_on_tensorflow_alone(made, tmp_path):
    recipe, model, material, datasets = made("digit")
    # An operation that the converter does not know.
    model = keras.Sequential([model, keras.layers.Dense(10, keras.ops.erfinv), keras.layers.Softmax()])
    assert list(compare_quantised(model, material, datasets, recipe.buckets, tmp_path)) == ["tensorflow"]
