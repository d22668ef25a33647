"""The line charts of a report: curves of the training, ROC, precision and recall, reliability."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from app.bench.axis import linear_axis
from app.bench.chart import Line, draw
from app.evaluation.judged import Judged
from app.evaluation.reliability import reliability
from app.types import Array
from scripts.training.calibration.temperature import tempered
from scripts.training.reporting.axes import between
from scripts.training.reporting.blocks import Picture

POINTS = 200
SIDES = ("red", "blue")
"""The copies of a red and blue training, each validated on the other's half."""

CORNER = 0.05
"""The side of the part of a chart that is shown of curves that all but touch its corner."""

NEARLY_ALL = 0.98
"""Beyond this recall every precision falls to the label's own share."""

FEWEST_ROWS = 10
"""A bin of fewer rows tells nothing, and is not drawn."""


def curves(epochs: Sequence[Mapping[str, float]], best_epoch: int, figure: str) -> Picture:
    """One figure of every epoch, training and validation, also of two copies; the kept epoch marked."""
    named = {"training": figure, "validation": f"val_{figure}"}
    named |= {side: f"{side}_val_{figure}" for side in SIDES if f"{side}_val_{figure}" in epochs[0]}
    drawn = {name: [(number, epoch[key]) for number, epoch in enumerate(epochs, 1)] for name, key in named.items()}
    values = [value for points in drawn.values() for _, value in points]
    low, high = (0.0, max(values)) if figure == "loss" else (np.floor(min(values) * 20) / 20, 1.0)
    lines = [
        *(Line(name, points, has_marks=True) for name, points in drawn.items()),
        Line(f"kept: epoch {best_epoch}", [(best_epoch, low), (best_epoch, high)]),
    ]
    title = f"{figure.capitalize()} after every epoch"
    axes = linear_axis("epoch", len(epochs)), between(figure, float(low), float(high))
    return Picture(f"curve_{figure}", title, draw(title, *axes, lines))


def roc(parts: Mapping[str, Judged]) -> Picture:
    """The ROC curve of each label against the rest; of two labels, that of the second, in each data set."""
    lines, nearest = [], 0.0
    for name, positive, scores in _scored(parts):
        false_rate, true_rate, _ = roc_curve(positive, scores)
        nearest = max(nearest, float(np.minimum(false_rate + 1 - true_rate, 1).min()))
        lines.append(Line(name, _thinned(false_rate, true_rate)))
    side = CORNER if nearest < 0.4 * CORNER else 1.0
    title = f"ROC{_of(parts)}"
    return Picture(
        "roc",
        title,
        draw(title, between("false positive rate", 0, side), between("true positive rate", 1 - side, 1), lines),
    )


def precision_recall(parts: Mapping[str, Judged]) -> Picture:
    """Precision over recall, the curves those of `roc`."""
    lines = []
    for name, positive, scores in _scored(parts):
        precision, recall, _ = precision_recall_curve(positive, scores)
        lines.append(Line(name, _thinned(recall[::-1], precision[::-1])))
    low = min(precision for line in lines for recall, precision in line.points if recall <= NEARLY_ALL)
    side = CORNER if low > 1 - CORNER else 1.0
    bottom = 1 - CORNER if side < 1 else float(np.floor(low * 10) / 10)
    title = f"Precision over recall{_of(parts)}"
    axes = between("recall", 1 - side, 1), between("precision", bottom, 1)
    return Picture("precision_recall", title, draw(title, *axes, lines))


def reliability_diagram(judged: Judged, temperature: float) -> Picture:
    """How often the likeliest label is right over how sure the model is of it, with and without the temperature."""
    given = {"served": judged.probabilities}
    if temperature != 1:
        given["before calibration"] = tempered(judged.probabilities, 1 / temperature)
    lowest = 1 / len(judged.labels)
    lines = [Line(name, _reliable(shares, judged.targets), has_marks=True) for name, shares in given.items()]
    lines.append(Line("as sure as right", [(lowest, lowest), (1, 1)]))
    title = "Reliability: how often it is right, over how sure it is"
    return Picture(
        "reliability",
        title,
        draw(title, between("probability of its answer", lowest, 1), between("share right", 0, 1), lines),
    )


def _reliable(shares: Array, targets: Array) -> list[tuple[float, float]]:
    """How sure and how often right, in the bins that have rows enough."""
    return [(one.confidence, one.accuracy) for one in reliability(shares, targets) if one.rows >= FEWEST_ROWS]


def _scored(parts: Mapping[str, Judged]) -> list[tuple[str, Array, Array]]:
    """Name, whether each row has the label, and the label's probability, of every curve."""
    first = next(iter(parts.values()))
    if len(first.labels) == 2:
        return [(name, part.targets == 1, part.probabilities[:, 1]) for name, part in parts.items()]
    targets, shares = (
        np.concatenate([getattr(part, name) for part in parts.values()]) for name in ("targets", "probabilities")
    )
    return [(label, targets == place, shares[:, place]) for place, label in enumerate(first.labels)]


def _of(parts: Mapping[str, Judged]) -> str:
    """Which label the curves are of, where that is one."""
    labels = next(iter(parts.values())).labels
    return f" of {labels[1]}" if len(labels) == 2 else " of each label against the rest"


def _thinned(x: Array, y: Array) -> list[tuple[float, float]]:
    """At most 200 points of a curve, spread evenly over it."""
    rows = np.unique(np.linspace(0, len(x) - 1, min(len(x), POINTS)).astype(np.int64))
    return list(zip(x[rows].tolist(), y[rows].tolist(), strict=True))
