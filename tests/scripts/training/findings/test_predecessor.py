import json

import numpy as np
import pytest

from app.evaluation.judged import Judged
from scripts.training.data.types import Dataset, Split
from scripts.training.findings.predecessor import compared

TEXTS = ["good", "bad", "good film", "bad film", "坏 good good"]
TARGETS = [1, 0, 1, 0, 0]
LABELS = ("negative", "positive")


@pytest.fixture
def reviews():
    split = Split(TEXTS, np.array(TARGETS))
    return Dataset("reviews", LABELS, split, split, "", "")


def judged(predicted, labels=LABELS):
    return Judged(labels, np.array(TARGETS), np.eye(2)[predicted], np.zeros(5, bool))


def test_a_first_version_has_none_before(tmp_path, reviews):
    (tmp_path / "sentiment" / ".1.partial").mkdir(parents=True)
    assert compared(tmp_path / "sentiment" / "1", {"reviews": judged(TARGETS)}, [reviews]) is None


def test_the_highest_version_below_is_judged_on_the_same_rows(tmp_path, reviews, build_sentiment):
    for version in (1, 3, 7):
        build_sentiment(tmp_path, version=version)
    found = compared(tmp_path / "sentiment" / "5", {"reviews": judged(TARGETS)}, [reviews])
    assert found["version"] == 3
    assert found["accuracy"] == {"reviews": 0.8}
    told = found["together"]
    assert told == found["per_dataset"]["reviews"]
    assert (told["difference"], told["only_before_right"], told["only_now_right"]) == (0.2, 0, 1)
    assert told["mcnemar_p"] == 1.0
    assert told["interval"][0] < 0.2 < told["interval"][1]


def test_a_version_that_cannot_be_compared_is_named_with_the_reason(tmp_path, reviews, build_sentiment):
    folder = build_sentiment(tmp_path, version=1)
    target = tmp_path / "sentiment" / "2"
    other = compared(target, {"reviews": judged(TARGETS, ("a", "b"))}, [reviews])
    assert other == {"version": 1, "failed": "it has the labels ['negative', 'positive']"}
    (folder / "tokenizer.json").write_text(json.dumps({}), encoding="utf-8")
    assert "SHA-256" in compared(target, {"reviews": judged(TARGETS)}, [reviews])["failed"]
