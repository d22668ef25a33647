import numpy as np
import pytest
from sklearn import metrics

from app.evaluation.judged import Judged
from app.tasks.digit import DigitTask
from app.types import Rows, Signature, TensorSpec
from scripts.training.data.types import Split
from scripts.training.evaluation import accuracy_of, figures_of, joined, judge, run_rows


def judged(predicted, targets, labels=("a", "b", "c"), neutral=None):
    probabilities = np.full((len(predicted), len(labels)), 0.1)
    probabilities[np.arange(len(predicted)), predicted] = 0.8
    return Judged(labels, np.array(targets), probabilities, np.array(neutral or [False] * len(targets)))


def test_figures_are_those_worked_out_by_hand():
    figures = figures_of(judged([0, 0, 1, 1, 2, 0], [0, 0, 1, 0, 2, 1]))
    assert figures["accuracy"]["value"] == pytest.approx(4 / 6, abs=1e-5)
    assert figures["confusion"]["rows_true_columns_predicted"] == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    by_label = figures["per_label"]
    assert by_label["a"]["precision"]["value"] == pytest.approx(2 / 3, abs=1e-5)
    assert by_label["b"]["recall"]["value"] == pytest.approx(1 / 2, abs=1e-5)
    assert by_label["c"]["f1"]["value"] == 1.0
    assert figures["f1"]["value"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3, abs=1e-5)
    assert [by_label[label]["rows"] for label in "abc"] == [3, 2, 1]


def test_roc_auc_is_the_share_of_pairs_in_the_right_order():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.2, 0.8]])
    figures = figures_of(Judged(("n", "p"), np.array([0, 0, 1, 1]), probabilities, np.zeros(4, bool)))
    assert figures["roc_auc"]["value"] == 0.75


def test_macro_figures_are_scikit_learns():
    random = np.random.default_rng(0)
    targets, probabilities = np.arange(60) % 3, random.dirichlet(np.ones(3), 60).round(1)
    result = Judged(("a", "b", "c"), targets, probabilities, np.zeros(60, bool))
    figures, predicted = figures_of(result), result.predicted
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(targets, predicted, average="macro")
    area = np.mean([metrics.roc_auc_score(targets == label, probabilities[:, label]) for label in range(3)])
    told = [figures[name]["value"] for name in ("precision", "recall", "f1", "roc_auc")]
    assert told == pytest.approx([precision, recall, f1, area], abs=1e-5)


def test_every_figure_lies_in_its_interval():
    random = np.random.default_rng(0)
    targets = random.integers(0, 3, 90)
    predicted = np.where(random.random(90) < 0.8, targets, random.integers(0, 3, 90))
    figures = figures_of(judged(predicted, targets))
    for name in ("accuracy", "precision", "recall", "f1", "roc_auc"):
        low, high = figures[name]["interval"]
        assert low < figures[name]["value"] < high


def test_an_accuracy_comes_with_rows_and_wilsons_interval():
    told = accuracy_of(np.array([True] * 8 + [False] * 2))
    assert (told["rows"], told["value"]) == (10, 0.8)
    assert told["interval"] == pytest.approx([0.49016, 0.94332], abs=1e-5)


def test_neutral_answers_are_counted_apart():
    figures = figures_of(judged([0, 1, 1, 0], [0, 1, 0, 0], ("n", "p"), [True, False, False, False]))
    assert figures["neutral_share"] == 0.25
    assert figures["predicted_shares"] == {"n": 0.25, "p": 0.5, "neutral": 0.25}
    assert figures["accuracy"]["value"] == 0.75
    assert figures["accuracy_outside_neutral"]["value"] == pytest.approx(2 / 3, abs=1e-5)
    assert figures_of(judged([0], [0], ("n", "p"), [True]))["accuracy_outside_neutral"]["value"] is None


def test_a_figure_says_how_sure_the_model_is_beside_how_often_it_is_right():
    figures = figures_of(judged([0, 1, 1, 1, 0], [0, 1, 1, 0, 0], ("n", "p")))
    assert figures["ece"] == pytest.approx(0.0, abs=1e-5)
    assert figures["log_loss"] == pytest.approx(-(4 * np.log(0.8) + np.log(0.1)) / 5, abs=1e-5)


def test_several_test_splits_are_judged_as_one():
    both = joined([judged([0], [0]), judged([1, 2], [1, 0])])
    assert both.targets.tolist() == [0, 1, 0]
    assert both.predicted.tolist() == [0, 1, 2]


def test_a_split_goes_through_the_task_that_serves_it():
    signature = Signature(
        (TensorSpec("pixels", "float32", (None, 28, 28, 1)),), (TensorSpec("probabilities", "float32", (None, 10)),)
    )
    seen = []

    def run(tensors):
        seen.append(tensors["pixels"])
        rows = np.zeros((len(tensors["pixels"]), 10), np.float32)
        rows[:, 4] = 1
        return {"probabilities": rows}

    images = np.full((300, 28, 28), 255, np.uint8)
    result = judge(DigitTask(signature), run, tuple("0123456789"), Split(images, np.full(300, 4)))
    assert [len(batch) for batch in seen] == [256, 44]
    assert seen[0].max() == 1.0
    figures = figures_of(result)
    assert figures["accuracy"]["value"] == 1.0
    assert figures["roc_auc"] == {"value": None, "interval": [None, None]}


@pytest.mark.parametrize(("places", "expected"), [([3, 0, 2, 1], [12, 30, 20, 10]), (None, [10, 12, 20, 30])])
def test_rows_of_several_groups_are_answered_in_the_order_of_their_inputs(places, expected):
    groups = ({"a": np.array([[1.0]])}, {"a": np.array([[1.2, 0]])}, {"a": np.array([[2.0, 0, 0], [3.0, 0, 0]])})
    rows = Rows(groups, None if places is None else np.array(places))
    outputs = run_rows(lambda tensors: {"b": tensors["a"][:, 0] * 10}, rows)
    assert outputs["b"].tolist() == expected
