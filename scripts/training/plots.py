"""The plots of a model card, as small PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

from app.types import Array
from scripts.training.evaluation import Judged

DPI = 90
TRAINING, VALIDATION = "tab:blue", "tab:orange"


def plot_curves(epochs: Sequence[dict[str, float]], best_epoch: int, path: Path) -> None:
    """Loss and accuracy, training and validation, over the epochs, the kept epoch marked."""
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    numbers = range(1, len(epochs) + 1)
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        axes.plot(numbers, [epoch[name] for epoch in epochs], color=TRAINING, marker=".", label="training")
        axes.plot(numbers, [epoch[f"val_{name}"] for epoch in epochs], color=VALIDATION, marker=".", label="validation")
        axes.axvline(best_epoch, color="grey", linewidth=0.8, linestyle="--", label=f"kept: epoch {best_epoch}")
        axes.set(xlabel="epoch", ylabel=name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    _save(figure, path)


def plot_confusion(counts: Array, labels: Sequence[str], path: Path) -> None:
    """Rows of each true label by predicted label, coloured by their share of the true label."""
    side = 2.4 + 0.45 * len(labels)
    figure = Figure(figsize=(side + 0.6, side), layout="constrained")
    axes = figure.subplots()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{count:,}", ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="predicted", ylabel="true")
    figure.colorbar(image, ax=axes, shrink=0.8, label="share of the true label")
    _save(figure, path)


def plot_roc(parts: Mapping[str, Judged], path: Path) -> None:
    """The ROC curve of each label against the rest; of two labels, that of the second, in each data set.

    Of curves that all but touch the corner only the corner is shown.
    """
    figure = Figure(figsize=(4.6, 4.2), layout="constrained")
    axes = figure.subplots()
    corner = 0.0
    for name, positive, scores in _roc_parts(parts):
        false_rate, true_rate, _ = roc_curve(positive, scores)
        axes.plot(false_rate, true_rate, linewidth=1.2, label=name)
        corner = max(corner, float(np.minimum(false_rate + 1 - true_rate, 1).min()))
    side = 0.05 if corner < 0.02 else 1.0
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="false positive rate", ylabel="true positive rate")
    axes.set(xlim=(-0.01 * side, side), ylim=(1 - side, 1 + 0.01 * side))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7, loc="lower right")
    _save(figure, path)


def plot_digits(images: Array, targets: Array, predicted: Array, path: Path) -> None:
    """The first 25 images in a grid, each with its predicted label, in red where it is wrong."""
    figure = Figure(figsize=(5, 5.6), layout="constrained")
    for index, axes in enumerate(figure.subplots(5, 5).flat):
        axes.set_axis_off()
        if index >= len(images):
            continue
        axes.imshow(images[index], cmap="gray")
        is_right = predicted[index] == targets[index]
        title = str(predicted[index]) if is_right else f"{predicted[index]} (is {targets[index]})"
        axes.set_title(title, fontsize=11, color="black" if is_right else "red")
    _save(figure, path)


def _roc_parts(parts: Mapping[str, Judged]) -> list[tuple[str, Array, Array]]:
    """Name, whether each row has the label, and the label's probability, of every curve."""
    first = next(iter(parts.values()))
    if len(first.labels) == 2:
        label = first.labels[1]
        return [(f"{label}, {name}", part.targets == 1, part.probabilities[:, 1]) for name, part in parts.items()]
    return [(label, first.targets == index, first.probabilities[:, index]) for index, label in enumerate(first.labels)]


def _save(figure: Any, path: Path) -> None:
    """Write a PNG in a palette's colours, a third of the size."""
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        FigureCanvasAgg(figure)
        figure.savefig(path, dpi=DPI, metadata={"Software": None})
