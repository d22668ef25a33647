"""What sentiment and topic share, and where they part."""

import numpy as np
import pytest

from app.repository.manifest import read_manifest
from app.tasks import open_task


@pytest.fixture
def task_of(tiny_models):
    """Opens the task of a tiny model."""

    def make(name):
        folder = tiny_models / name / "1"
        return open_task(read_manifest(folder), folder)

    return make


@pytest.mark.parametrize("name", ["sentiment", "topic"])
def test_texts_become_a_row_of_ids_each(task_of, name):
    (tensors,) = task_of(name).preprocess(["good film", "bad"]).groups
    assert list(tensors) == ["tokens"]
    assert tensors["tokens"].tolist() == [[0, 0, 0, 0, 2, 4], [0, 0, 0, 0, 0, 3]]


def test_sentiment_reads_one_probability_a_row(task_of):
    outputs = {"probabilities": np.array([[0.9], [0.1], [0.5]], np.float32)}
    predictions = task_of("sentiment").postprocess(outputs)
    assert [prediction["label"] for prediction in predictions] == ["positive", "negative", "neutral"]
    assert predictions[0]["probabilities"] == {"positive": 0.9, "negative": 0.1}


def test_topic_reads_one_probability_a_label(task_of):
    outputs = {"probabilities": np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1]], np.float32)}
    predictions = task_of("topic").postprocess(outputs)
    assert [prediction["label"] for prediction in predictions] == ["Sci/Tech", "World"]
    assert [prediction["score"] for prediction in predictions] == [0.4, 0.7]
