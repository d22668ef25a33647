"""The peers read texts and probabilities as Horngate does."""

import json

import numpy as np
import pytest

from app.repository.manifest import read_manifest
from app.tasks import open_task
from scripts.benchmark.peers.tokens import TokenReader

TEXTS = ["good film", "bad " * 40, "这是一部非常棒的电影！", "unheard", "!"]


@pytest.fixture
def folder(tiny_models):
    return tiny_models / "sentiment" / "1"


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_becomes_the_ids_that_horngate_gives_the_model(folder, text):
    rows = open_task(read_manifest(folder), folder).preprocess([text])
    np.testing.assert_array_equal(TokenReader(folder).encode([text]), rows.groups[0]["tokens"])


@pytest.mark.parametrize("positive", [0.0, 0.2, 0.451, 0.5, 0.549, 0.8, 1.0])
def test_a_probability_gets_the_label_and_score_that_horngate_gives_it(folder, positive):
    outputs = {"probabilities": np.array([[positive]])}
    (ours,) = open_task(read_manifest(folder), folder).postprocess(outputs)
    theirs = TokenReader(folder).reading(positive)
    assert theirs["label"] == ours["label"]
    assert theirs["score"] == pytest.approx(ours["score"])


def test_a_batch_is_filled_up_to_its_longest_texts_bucket(folder, tmp_path):
    manifest = json.loads((folder / "manifest.json").read_text())
    length = manifest["text"]["length"]
    manifest["text"]["buckets"] = [2, 4, length]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    reader = TokenReader(tmp_path)
    assert reader.encode(["good"]).shape == (1, 2)
    assert reader.encode(["good", "good bad good"]).shape == (2, 4)
    assert reader.encode(["good"] * 2 + ["good " * 200]).shape == (3, length)
    assert reader.encode(["good", "good bad good"])[0].tolist()[:3] == [0, 0, 0]
