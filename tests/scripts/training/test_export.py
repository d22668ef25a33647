import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

import keras
import onnx

from app.conversion.errors import ParityFailed
from app.conversion.parity import new_runtime
from app.conversion.result import Parity
from app.errors import ModelInvalid
from app.inference.calibration.conditions import Conditions
from app.inference.runtimes.onnx import OnnxRuntime
from app.repository.manifest import read_manifest, verify_files
from app.tasks import open_task
from app.types import Signature
from scripts.training.architectures import build
from scripts.training.data.catalogue import load_dataset
from scripts.training.evaluation import run_rows
from scripts.training.examples import prepare
from scripts.training.export import export_version, sample_by_bucket, write_graphs
from scripts.training.progress import Progress
from scripts.training.recipe import NeutralBand, Report, read_recipe
from scripts.training.report import Trained

QUICK = Conditions(runtimes=("onnx", "openvino"), batches=(1, 2, 4), seconds=0.001)
CARD = 'card = { purpose = "Made up."'
REPORTS = {
    "sentiment": 'behaviour = ["english", "chinese"], sentences = ["english", "chinese"], baseline = true',
    "topic": 'behaviour = ["news"], baseline = true',
    "digit": 'behaviour = ["digits"]',
}
FOUND = {
    "sentiment": {"slices", "worst_errors", "baseline", "sentences", "behaviour"},
    "topic": {"slices", "worst_errors", "baseline", "behaviour"},
    "digit": {"slices", "worst_errors", "behaviour"},
}
EPOCH = {"loss": 0.6, "accuracy": 0.7, "val_loss": 0.6, "val_accuracy": 0.7}


@pytest.fixture
def trained(recipe_file, texts, images):
    """A model of that task with its first weights, as if an epoch had been trained."""

    def make(task):
        recipe = read_recipe(recipe_file(task, replace=(CARD, f"report = {{ {REPORTS[task]} }}\n{CARD}")))
        keras.utils.set_random_seed(1)
        dataset = load_dataset(f"images:{images}" if task == "digit" else f"texts:{texts}", None)
        material = prepare(recipe, [dataset])
        vocabulary_size = material.tokenizer.get_vocab_size() if material.tokenizer else 0
        model = build(recipe, vocabulary_size, len(material.labels))
        origin = {"command": "python", "code": {"commit": "c"}, "hardware": {}, "libraries": {"keras": "3"}}
        origin["hardware"] = {"processor": "p", "cores": 2, "training_device": "CPU"}
        return Trained(recipe, model, material, [dataset], Progress((EPOCH,), (1.0,), (0.9,), "s"), origin)

    return make


@pytest.mark.parametrize("task", ["sentiment", "topic", "digit"])
def test_training_and_serving_give_the_same_output_for_the_same_input(trained, tmp_path, task):
    before = trained(task)
    target = tmp_path / before.recipe.name / "1"
    export_version(before, target, QUICK)

    manifest = read_manifest(target)
    verify_files(target, manifest)
    served, runtime = open_task(manifest, target), OnnxRuntime()
    assert runtime.load(target) == manifest.signature.signature() == before.material.signature
    name = before.material.signature.inputs[0].name
    if task == "digit":
        inputs = list(before.datasets[0].test.inputs.astype(np.float32) / 255)
    else:
        inputs = ["a good film", "差", "", "it was a dreadful plot, a very long one indeed, and poor " * 40]
    for rows in (inputs, inputs[:1]):
        prepared, learnt = served.preprocess(rows), before.material.task.preprocess(rows)
        for tensors, same in zip(prepared.groups, learnt.groups, strict=True):
            np.testing.assert_array_equal(tensors[name], same[name])
            expected = before.model.predict_on_batch(tensors[name])
            np.testing.assert_allclose(runtime.run(tensors)["probabilities"], expected, atol=1e-4)
    assert manifest.plan.runtime in QUICK.runtimes
    assert sorted(manifest.plan.batch_seconds) == [1, 2, 4]

    report = json.loads((target / "report.json").read_text(encoding="utf-8"))
    assert report["parity"]["tensorflow"]["max_abs_diff"] <= 1e-4
    assert report["parity"]["onnx"]["max_abs_diff"] <= 1e-4
    assert report["test"]["rows"] == len(before.datasets[0].test.targets)
    assert report["recipe"] == before.recipe.model_dump(mode="json")
    card = (target / "MODEL_CARD.md").read_text(encoding="utf-8")
    pictures = {path.name for path in target.glob("*.svg")}
    assert {"curve_loss.svg", "confusion.svg", "roc.svg", "precision_recall.svg", "reliability.svg"} <= pictures
    assert all(f"({name})" in card for name in pictures)
    assert ("samples.svg" in pictures) == (task == "digit")
    page = (target / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == len(pictures)
    assert FOUND[task] <= report.keys()
    assert report["calibration"]["temperature"] > 0
    assert report["training"]["examples_per_second"] > 0


def test_a_neutral_band_that_was_chosen_is_that_of_manifest_and_report(trained, tmp_path):
    before = trained("sentiment")
    wanted = before.recipe.calibration.model_copy(update={"neutral": NeutralBand(accuracy=0.99, largest_share=0.5)})
    recipe = before.recipe.model_copy(update={"neutral_band": None, "calibration": wanted, "report": Report()})
    target = tmp_path / recipe.name / "1"
    manifest = export_version(replace(before, recipe=recipe), target, QUICK)
    report = json.loads((target / "report.json").read_text(encoding="utf-8"))
    assert list(manifest.neutral_band) == report["neutral_band"]
    assert manifest.neutral_band == (report["calibration"]["band"]["low"], report["calibration"]["band"]["high"])
    low, high = manifest.neutral_band
    assert low == pytest.approx(1 - high)
    rows = report["test"]["rows"]
    assert report["test"]["accuracy_outside_neutral"]["rows"] == round(rows * (1 - report["test"]["neutral_share"]))


@pytest.mark.parametrize("task", ["sentiment", "topic"])
def test_a_text_gets_the_same_answer_alone_and_among_texts_of_other_lengths(trained, tmp_path, task):
    before = trained(task)
    write_graphs(before.model, before.material, before.recipe.buckets, tmp_path)
    texts = ["good", "a dreadful plot it was and poor", "", "差", "unheard of", "good " * 40, "fine lovely film it was"]
    for name in ("onnx", "tensorflow"):
        runtime = new_runtime(name)
        runtime.load(tmp_path)

        def answers(inputs, run=runtime.run):
            rows = before.material.task.preprocess(inputs)
            return before.material.task.postprocess(run_rows(run, rows))

        for text, together in zip(texts, answers(texts), strict=True):
            (alone,) = answers([text])
            assert alone["probabilities"] == pytest.approx(together["probabilities"], abs=1e-6)
        runtime.close()


def test_an_lstm_of_free_length_is_one_operation_a_layer_and_no_loop(trained, tmp_path):
    before = trained("sentiment")
    write_graphs(before.model, before.material, before.recipe.buckets, tmp_path)
    operations = [node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node]
    assert operations.count("LSTM") == 2
    assert not {"Loop", "Scan", "If"} & set(operations)


def test_graphs_are_compared_with_rows_of_every_bucket_that_has_any(trained):
    before = trained("sentiment")
    inputs = before.material.validation.inputs
    groups = sample_by_bucket(inputs, before.recipe.buckets)
    assert [rows.shape[1] for rows in groups] == [4, 6, 8]
    assert sum(map(len, groups)) == 512
    assert max(map(len, groups)) - min(map(len, groups)) <= 1
    (alone,) = sample_by_bucket(inputs[:1], before.recipe.buckets)
    assert len(alone) == 512


def test_a_failed_parity_leaves_no_version_folder(trained, tmp_path):
    before = trained("sentiment")
    signature = before.material.signature
    wrong = Signature(signature.inputs, (replace(signature.outputs[0], shape=(None, 2)),))
    before = replace(before, material=replace(before.material, signature=wrong))
    with pytest.raises(ParityFailed, match="the manifest promises the outputs"):
        export_version(before, tmp_path / "tiny" / "1")
    assert list(tmp_path.glob("tiny/*")) == []


def test_a_model_that_onnx_cannot_hold_runs_on_tensorflow_and_says_why(trained, tmp_path):
    before = trained("digit")
    # An operation that the converter does not know.
    model = keras.Sequential([before.model, keras.layers.Dense(10, keras.ops.erfinv), keras.layers.Softmax()])
    parity = write_graphs(model, before.material, (), tmp_path)
    assert isinstance(parity["tensorflow"], Parity)
    assert "cannot be converted to ONNX" in parity["onnx"]
    assert not (tmp_path / "model.onnx").exists()
    with pytest.raises(ModelInvalid):
        new_runtime("onnx").load(tmp_path)
