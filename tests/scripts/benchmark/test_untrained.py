"""Models whose speed counts and whose answers do not."""

import re

import numpy as np
import pytest

from app.inference.runtimes.onnx import OnnxRuntime
from app.repository.manifest import read_manifest, verify_files
from scripts.benchmark.untrained import LENGTH, Untrained, mixed_lengths, texts_of_known_words, write_untrained


@pytest.fixture
def tokenizer(tiny_models):
    return tiny_models / "sentiment" / "1" / "tokenizer.json"


def test_a_text_has_so_many_words_all_of_them_known(tokenizer):
    short, long = texts_of_known_words(tokenizer, [1, 30])
    assert re.fullmatch(rb'\{"text": "[a-z]+"\}', short.content)
    words = long.content[len(b'{"text": "') : -len(b'"}')].decode().split()
    assert len(words) == 30
    assert set(words) <= {"good", "bad", "film", "oil", "goal"}


def test_the_texts_are_the_same_every_time(tokenizer):
    assert texts_of_known_words(tokenizer, [5, 6]) == texts_of_known_words(tokenizer, [5, 6])
    assert mixed_lengths(50, 10, 500) == mixed_lengths(50, 10, 500)


def test_lengths_stay_within_their_bounds():
    assert set(mixed_lengths(400, 2, 4)) == {2, 3, 4}


def test_a_model_reads_texts_of_any_length_and_its_manifest_names_the_buckets(tokenizer, tmp_path):
    pytest.importorskip("tf2onnx", reason="the models are made with the train extra")
    write_untrained(tmp_path, tokenizer, [Untrained("tiny", (2,), (32, LENGTH))])
    folder = tmp_path / "tiny" / "1"
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    assert manifest.text is not None
    assert manifest.text.buckets == (32, LENGTH)
    assert manifest.plan.max_batch_rows <= 16
    runtime = OnnxRuntime(threads=1)
    runtime.load(folder)
    for length in (1, 32, LENGTH):
        outputs = runtime.run({"tokens": np.ones((3, length), np.int32)})
        assert outputs["probabilities"].shape == (3, 1)
    runtime.close()


def test_without_units_of_its_own_a_model_has_the_layers_of_the_recipe(tokenizer, tmp_path):
    pytest.importorskip("tf2onnx", reason="the models are made with the train extra")
    write_untrained(tmp_path, tokenizer, [Untrained("shipped")])
    runtime = OnnxRuntime(threads=1)
    signature = runtime.load(tmp_path / "shipped" / "1")
    assert [spec.name for spec in signature.inputs] == ["tokens"]
    assert np.isfinite(runtime.run({"tokens": np.ones((2, 40), np.int32)})["probabilities"]).all()
    runtime.close()
