"""`MODEL_CARD.md`: what a model is for, how good it is, and what it was made from."""

from collections.abc import Mapping
from typing import Any

from scripts.training.data.duplicates import SHARED

FIGURES = (
    "On the test split, through the code that serves the model; in brackets the 95 % interval. Accuracy has Wilson's "
    "score interval, the others a percentile bootstrap ({resamples} resamples). Precision, recall, F1 and ROC-AUC are "
    "averages over the labels."
)


def write_card(report: Mapping[str, Any], plots: list[str]) -> str:
    """The card's Markdown, from `report.json`'s content and the names of the plots beside it."""
    recipe = report["recipe"]
    parts = [
        f"# {report['name']}, version {report['version']}",
        recipe["card"]["purpose"],
        "## Figures",
        FIGURES.format(resamples=report["test"]["intervals"]["resamples"]),
        _figures(report),
        "### Per label",
        _per_label(report["test"]),
        _neutral(report),
        "## Plots",
        "\n\n".join(f"![{name.removesuffix('.png')}]({name})" for name in plots),
        "## Data",
        _data(report),
        "## Limits",
        _limits(recipe),
        "## How it was made",
        _making(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    if figure["value"] is None:
        return "–"
    return f"{figure['value']:.4f} ({low:.4f}–{high:.4f})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figures(report: Mapping[str, Any]) -> str:
    names = ["accuracy", "precision", "recall", "f1", "roc_auc"]
    parts = report["test_per_dataset"]
    shown = parts if len(parts) == 1 else {**parts, "together": report["test"]}
    rows = [[name, f"{part['rows']:,}", *(_cell(part[figure]) for figure in names)] for name, part in shown.items()]
    return _table(["data set", "rows", "accuracy", "precision", "recall", "F1", "ROC-AUC"], rows)


def _per_label(test: Mapping[str, Any]) -> str:
    names = ["precision", "recall", "f1", "roc_auc"]
    rows = [
        [label, f"{part['rows']:,}", *(_cell(part[figure]) for figure in names)]
        for label, part in test["per_label"].items()
    ]
    return _table(["label", "rows", "precision", "recall", "F1", "ROC-AUC"], rows)


def _neutral(report: Mapping[str, Any]) -> str:
    if report["recipe"].get("neutral_band") is None:
        return ""
    shares = {name: part["neutral_share"] for name, part in report["test_per_dataset"].items()}
    told = ", ".join(f"{share:.1%} of {name}" for name, share in shares.items())
    return f"Answers inside the neutral band: {told}. The figures above count the likelier side there."


def _data(report: Mapping[str, Any]) -> str:
    rows = []
    for data in report["data"]:
        shared = data["problem_reasons"].get(SHARED, 0)
        train, test = (sum(data[part].values()) for part in ("train_rows", "test_rows"))
        counts = [f"{count:,}" for count in (train, test, shared, data["problems"] - shared)]
        rows.append([data["name"], *counts, data["licence"], data["source"]])
    table = _table(["data set", "training rows", "test rows", "in both", "broken", "licence", "source"], rows)
    return (
        f"{table}\n\nTest rows whose content stands in the training part too, and broken rows, were left out. "
        f"{report['validation_rows']:,} of the training rows were held out for validation. The texts and images "
        "themselves are not part of this repository."
    )


def _limits(recipe: Mapping[str, Any]) -> str:
    told = [recipe["card"]["limits"]]
    if recipe.get("text"):
        end, omitted = "last" if recipe["text"]["keep"] == "tail" else "first", len(recipe["vocabulary"]["omit"])
        less = f", not counting the {omitted} words that the recipe omits" if omitted else ""
        told.append(
            f"Of a longer text it reads the {end} {recipe['text']['length']} words or Chinese characters{less}."
        )
    if recipe.get("neutral_band"):
        low, high = recipe["neutral_band"]
        told.append(f"It answers `neutral` where the probability lies between {low} and {high}; no training row did.")
    return " ".join(told)


def _making(report: Mapping[str, Any]) -> str:
    training, hardware, code = report["training"], report["hardware"], report["code"]
    parity = ", ".join(
        f"{name} {result['max_abs_diff']:.1e}" for name, result in report["parity"].items() if "max_abs_diff" in result
    )
    return (
        f"```\n{report['command']}\n```\n\n"
        f"Seed {training['seed']}; {training['epochs']} epochs in {training['seconds']:.0f} s, of which epoch "
        f"{training['best_epoch']} was kept (lowest validation loss); {training['parameters']:,} parameters. "
        f"{hardware['processor']}, {hardware['cores']} cores, {hardware['training_device']}. "
        f"Commit `{code['commit']}`. Libraries: "
        + ", ".join(f"{name} {version}" for name, version in report["libraries"].items())
        + f".\n\nLargest difference from Keras over {report['parity_rows']} rows: {parity}."
    )
