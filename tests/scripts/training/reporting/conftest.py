"""A made-up report, as `report.json` holds it, and what its pictures are drawn from."""

from typing import Any

import numpy as np
import pytest

from app.evaluation.judged import Judged
from scripts.training.evaluation import accuracy_of, figures_of

TEXT = {"length": 8, "keep": "tail", "buckets": []}


@pytest.fixture(scope="session")
def judged_rows():
    """Judged rows of so many labels, as likely right as they are sure."""

    def make(labels: int, rows: int = 60) -> Judged:
        random = np.random.default_rng(labels)
        probabilities = random.dirichlet(np.full(labels, 0.4), rows)
        targets = np.array([random.choice(labels, p=shares) for shares in probabilities])
        targets[:labels] = np.arange(labels)
        return Judged(tuple(f"label {place}" for place in range(labels)), targets, probabilities, np.arange(rows) < 6)

    return make


@pytest.fixture
def report(judged_rows) -> dict[str, Any]:
    """A sentiment version's report with every finding."""
    figures = figures_of(judged_rows(2))
    rate, told = accuracy_of(np.arange(20) < 18), accuracy_of(np.arange(40) < 31)
    difference = {"difference": 0.0125, "interval": [-0.01, 0.03], "only_before_right": 4, "only_now_right": 9}
    outcome = {"kind": "minimum", "group": "english", "cases": 20, "passed": 18, "rate": rate}
    return {
        "name": "tiny",
        "version": 2,
        "recipe": {
            "name": "tiny",
            "text": TEXT,
            "vocabulary": {"omit": ["it"]},
            "card": {"purpose": "Tells <praise> from blame.", "limits": "It knows little."},
            "calibration": {"temperature": True, "neutral": {"accuracy": 0.95, "largest_share": 0.2}},
        },
        "neutral_band": [0.4, 0.6],
        "calibration": {
            "rows": 60,
            "temperature": 1.5,
            "ece_before": 0.09,
            "ece_after": 0.01,
            "ece_method": "15 bins",
            "test_ece_before": 0.08,
            "band": {"low": 0.4, "high": 0.6, "share": 0.07, "accuracy_outside": 0.951},
        },
        "test": figures,
        "test_per_dataset": {"films": figures, "goods": figures},
        "slices": {"language": [{"name": "Chinese", **told}, {"name": "other", **told}]},
        "worst_errors": [{"dataset": "films", "row": 17, "label": "n", "predicted": "p", "probability": 0.9876}],
        "baseline": {"method": "TF-IDF", "accuracy": {"films": told, "goods": told}},
        "sentences": [
            {
                "language": "english",
                "rows": 40,
                "accuracy": {"model": told, "baseline": rate},
                "by_style": {"negated": {"model": 0.75, "baseline": 0.5}},
                "wrong": ["Not <b>good</b>."],
            }
        ],
        "additional": [{"name": "rendered", "accuracy": told, "conditions": [{"name": "lined paper", **told}]}],
        "behaviour": [{"name": "turns", "failures": ["I expected a bad film | good"], **outcome}],
        "version_before": {
            "version": 1,
            "accuracy": {"films": 0.7, "goods": 0.7},
            "per_dataset": {"films": {**difference, "mcnemar_p": 0.26}, "goods": {**difference, "mcnemar_p": 0.26}},
            "together": {**difference, "mcnemar_p": 0.01},
        },
        "data": [
            {
                "name": "films",
                "licence": "none",
                "source": "made up",
                "train_rows": {"n": 1000, "p": 1100},
                "test_rows": {"n": 30, "p": 30},
                "problems": 3,
                "problem_reasons": {"the training part has it too": 2},
            }
        ],
        "validation_rows": 210,
        "command": "python -m scripts.train recipes/tiny.toml --data ../data",
        "training": {
            "seed": 3,
            "seconds": 12.0,
            "epochs": 2,
            "best_epoch": 2,
            "parameters": 1234,
            "seconds_per_epoch": 6.0,
            "examples_per_second": 5000.0,
            "history": [{"loss": 0.7, "val_loss": 0.6}, {"loss": 0.5, "val_loss": 0.4}],
        },
        "hardware": {"processor": "p", "cores": 2, "training_device": "CPU"},
        "code": {"commit": "abc"},
        "libraries": {"keras": "3"},
        "parity_rows": 512,
        "parity": {"tensorflow": {"max_abs_diff": 1e-9}, "onnx": {"failed": "no such operation"}},
    }
