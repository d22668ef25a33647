import numpy as np
from PIL import Image

from scripts.training.evaluation import Judged
from scripts.training.plots import plot_confusion, plot_curves, plot_digits, plot_roc

EPOCHS = [{"loss": 2 - n / 5, "accuracy": n / 5, "val_loss": 2.0, "val_accuracy": 0.4} for n in range(5)]


def judged(labels):
    random = np.random.default_rng(0)
    targets = np.arange(40) % labels
    probabilities = random.dirichlet(np.ones(labels), 40)
    return Judged(tuple(f"label {index}" for index in range(labels)), targets, probabilities, np.zeros(40, bool))


def test_every_plot_is_a_small_picture(tmp_path):
    ten = judged(10)
    plot_curves(EPOCHS, 3, tmp_path / "curves.png")
    plot_confusion(ten.confusion, ten.labels, tmp_path / "confusion.png")
    plot_roc({"one": judged(2), "other": judged(2)}, tmp_path / "roc.png")
    plot_digits(np.zeros((7, 28, 28), np.uint8), np.zeros(7, int), np.arange(7), tmp_path / "samples.png")
    plot_roc({"all": ten}, tmp_path / "roc10.png")
    for path in tmp_path.iterdir():
        with Image.open(path) as picture:
            assert min(picture.size) > 200
        assert path.stat().st_size < 120_000
