"""The model that every peer serves."""

from scripts.benchmark.peers.model import SentimentModel


def test_a_batch_of_texts_gets_a_reading_each(tiny_models, monkeypatch):
    monkeypatch.setenv("MODEL_FOLDER", str(tiny_models / "sentiment" / "1"))
    readings = SentimentModel().read(["good", "bad bad", "好"])
    assert [reading["label"] for reading in readings] == ["positive", "negative", "positive"]
    assert all(0.9 < reading["score"] <= 1 for reading in readings)
