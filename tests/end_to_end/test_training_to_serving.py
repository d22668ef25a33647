"""The whole way: a recipe and a user's own texts become an endpoint that answers rightly."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="training needs the tensorflow extra"),
    pytest.mark.timeout(400),
]

RECIPE = """
name = "tickets"
task = "topic"
datasets = ["texts:{folder}"]

[text]
length = 8
keep = "head"

[vocabulary]
size = 50

[architecture]
kind = "pooling"
embedding = 8
dropout = 0.0

[optimiser]
kind = "adam"
learning_rate = 0.1

[fit]
epochs = 6
patience = 6
batch_size = 16
validation_share = 0.2
seed = 1

[card]
purpose = "Made up."
limits = "It knows nothing."
"""

WORDS = {"complaint": ("late", "broken", "refund"), "question": ("how", "where", "when")}


def write_texts(folder: Path) -> None:
    """Texts of two labels that one word tells apart."""
    folder.mkdir()
    for split, numbers in (("train", range(60)), ("test", range(60, 75))):
        rows = [
            f"order {number} {words[number % 3]} number {number * 7}\t{label}"
            for number in numbers
            for label, words in WORDS.items()
        ]
        (folder / f"{split}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_train_then_export_then_serve_then_predict(tmp_path: Path, serve: Callable[..., Any]) -> None:
    write_texts(tmp_path / "texts")
    recipe = tmp_path / "tickets.toml"
    recipe.write_text(RECIPE.format(folder=tmp_path / "texts"), encoding="utf-8")
    models = tmp_path / "models"
    command = [sys.executable, "-m", "scripts.train", recipe, "--models", models, "--runs", tmp_path / "runs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with serve(models, workers=1) as server:
        answer = server.post("/predict/tickets", json={"texts": ["where is order 3", "order 4 came broken"]}).json()
        assert [prediction["label"] for prediction in answer["predictions"]] == ["question", "complaint"]
        (served,) = server.get("/health").json()["models"]
        planned = server.get("/models/tickets").json()["details"][0]["plan"]["runtime"]
        assert served == {"model": "tickets", "version": 1, "runtime": planned, "queued_rows": 0}
