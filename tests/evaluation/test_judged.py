import numpy as np

from app.evaluation.judged import answer_of, judged


def test_probabilities_stand_in_the_labels_order_and_neutral_answers_are_marked():
    predictions = [
        {"label": "positive", "score": 0.9, "probabilities": {"positive": 0.9, "negative": 0.1}},
        {"label": "neutral", "score": 0.52, "probabilities": {"positive": 0.48, "negative": 0.52}},
    ]
    rows = judged(("negative", "positive"), np.array([1, 1]), predictions)
    assert rows.probabilities.tolist() == [[0.1, 0.9], [0.52, 0.48]]
    assert rows.predicted.tolist() == [1, 0]
    assert rows.is_right.tolist() == [True, False]
    assert rows.neutral.tolist() == [False, True]
    assert rows.confusion.tolist() == [[0, 0], [1, 1]]
    assert [answer_of(prediction) for prediction in predictions] == ["positive", "neutral"]


def test_a_digits_probabilities_are_in_order_already():
    prediction = {"digit": 2, "score": 0.8, "probabilities": [0.1, 0.1, 0.8]}
    rows = judged(("0", "1", "2"), np.array([2]), [prediction])
    assert rows.probabilities.tolist() == [[0.1, 0.1, 0.8]]
    assert not rows.neutral.any()
    assert answer_of(prediction) == "2"
