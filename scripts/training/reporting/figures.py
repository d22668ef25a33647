"""The sections about the test splits: figures, labels, calibration, slices."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.training.reporting.blocks import Block, Heading, Paragraph, Table
from scripts.training.reporting.cells import figure

INTRODUCTION = (
    "On the test split, through the code that serves the model; in brackets the 95 % interval. Accuracy has Wilson's "
    "score interval, the others a percentile bootstrap ({resamples} resamples). Precision, recall, F1 and ROC-AUC are "
    "averages over the labels."
)
NAMES = {"precision": "precision", "recall": "recall", "f1": "F1", "roc_auc": "ROC-AUC"}


def figures(report: Mapping[str, Any]) -> Iterator[Block]:
    """What the model reaches on each data set's test part, and label by label."""
    parts = report["test_per_dataset"]
    shown = parts if len(parts) == 1 else {**parts, "together": report["test"]}
    yield Heading("Figures")
    yield Paragraph(INTRODUCTION.format(resamples=report["test"]["intervals"]["resamples"]))
    yield Table(
        ["data set", "rows", "accuracy", *NAMES.values()],
        [
            [name, f"{part['rows']:,}", *(figure(part[key]) for key in ("accuracy", *NAMES))]
            for name, part in shown.items()
        ],
    )
    yield Heading("Per label", 3)
    yield Table(
        ["label", "rows", *NAMES.values()],
        [
            [label, f"{part['rows']:,}", *(figure(part[key]) for key in NAMES)]
            for label, part in report["test"]["per_label"].items()
        ],
    )


def calibration(report: Mapping[str, Any]) -> Iterator[Block]:
    """How far the probabilities can be trusted, and what the neutral band costs and gives."""
    found, test = report["calibration"], report["test"]
    yield Heading("Calibration")
    yield Paragraph(
        f"Temperature {found['temperature']:.3f}, fitted on {found['rows']:,} validation rows and folded into the last "
        f"layer (Guo et al. 2017). Expected calibration error, {found['ece_method']}:"
        if found["temperature"] != 1
        else f"No temperature was fitted. Expected calibration error, {found['ece_method']}:"
    )
    yield Table(
        ["rows", "before", "as served"],
        [
            ["validation", f"{found['ece_before']:.4f}", f"{found['ece_after']:.4f}"],
            ["test", f"{found['test_ece_before']:.4f}", f"{test['ece']:.4f}"],
            *([f"test: {name}", "", f"{part['ece']:.4f}"] for name, part in _several(report["test_per_dataset"])),
        ],
    )
    if report["neutral_band"] is not None:
        yield from _neutral(report)


def slices(report: Mapping[str, Any]) -> Iterator[Block]:
    """The accuracy of parts of the test rows."""
    groupings = report["slices"]
    if not groupings:
        return
    yield Heading("Slices")
    yield Paragraph("The accuracy on parts of the test rows, all data sets together, with Wilson's 95 % interval.")
    for name, parts in groupings.items():
        rows = [[part["name"], f"{part['rows']:,}", figure(part)] for part in parts]
        yield Table([name, "rows", "accuracy"], rows)


def _neutral(report: Mapping[str, Any]) -> Iterator[Block]:
    low, high = report["neutral_band"]
    chosen, rule = report["calibration"]["band"], report["recipe"]["calibration"]["neutral"]
    how = "The recipe fixes it."
    if chosen is not None and rule is not None:
        how = (
            f"It is the narrowest band around one half outside which at least {rule['accuracy']:.1%} of the validation "
            f"answers are right, of at most {rule['largest_share']:.0%} of them; there it holds {chosen['share']:.1%}, "
            f"and {chosen['accuracy_outside']:.2%} of the others are right."
        )
    yield Paragraph(
        f"Answers between {low:g} and {high:g} are `neutral`. {how} The figures above count the likelier side there. "
        "On the test part:"
    )
    parts = report["test_per_dataset"]
    shown = parts if len(parts) == 1 else {**parts, "together": report["test"]}
    yield Table(
        ["data set", "neutral answers", "accuracy of all", "accuracy outside the band"],
        [
            [name, f"{part['neutral_share']:.1%}", figure(part["accuracy"]), figure(part["accuracy_outside_neutral"])]
            for name, part in shown.items()
        ],
    )


def _several(parts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(parts.items()) if len(parts) > 1 else []
