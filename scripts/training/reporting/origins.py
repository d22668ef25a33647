"""The sections about where a model comes from: data, limits, how it was made."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.training.data.duplicates import SHARED
from scripts.training.reporting.blocks import Block, Heading, Listing, Paragraph, Table


def data(report: Mapping[str, Any]) -> Iterator[Block]:
    """The data sets, their licences, and what was left out of them."""
    rows = []
    for told in report["data"]:
        shared = told["problem_reasons"].get(SHARED, 0)
        train, test = (sum(told[part].values()) for part in ("train_rows", "test_rows"))
        counts = [f"{count:,}" for count in (train, test, shared, told["problems"] - shared)]
        rows.append([told["name"], *counts, told["licence"], told["source"]])
    yield Heading("Data")
    yield Table(["data set", "training rows", "test rows", "in both", "broken", "licence", "source"], rows)
    yield Paragraph(
        "Test rows whose content stands in the training part too, and broken rows, were left out. "
        f"{report['validation_rows']:,} of the training rows were held out for validation. The data themselves are not "
        f"part of this repository{'' if report['recipe'].get('text') else ', but for the few images shown here'}."
    )


def limits(report: Mapping[str, Any]) -> Iterator[Block]:
    """What the model cannot do."""
    recipe = report["recipe"]
    told = [recipe["card"]["limits"]]
    if recipe.get("text"):
        end, omitted = "last" if recipe["text"]["keep"] == "tail" else "first", len(recipe["vocabulary"]["omit"])
        less = f", not counting the {omitted} words that the recipe omits" if omitted else ""
        told.append(
            f"Of a longer text it reads the {end} {recipe['text']['length']} words or Chinese characters{less}."
        )
    if report["neutral_band"] is not None:
        told.append("No training row was neutral: where it answers so, it is unsure, and says no more than that.")
    yield Heading("Limits")
    yield Paragraph(" ".join(told))


def making(report: Mapping[str, Any]) -> Iterator[Block]:
    """Command, seed, time, machine, commit, libraries."""
    training, hardware, code = report["training"], report["hardware"], report["code"]
    yield Heading("How it was made")
    yield Listing(report["command"])
    pace = ""
    if "seconds_per_epoch" in training:
        pace = (
            f" An epoch took {training['seconds_per_epoch']:.1f} s in the middle, of its steps at "
            f"{training['examples_per_second']:,.0f} examples a second."
        )
    yield Paragraph(
        f"Seed {training['seed']}; {training['epochs']} epochs in {training['seconds']:.0f} s, of which epoch "
        f"{training['best_epoch']} was kept (lowest validation loss).{pace} {training['parameters']:,} parameters. "
        f"{hardware['processor']}, {hardware['cores']} cores, {hardware['training_device']}. "
        f"Commit `{code['commit']}`. Libraries: "
        f"{', '.join(f'{name} {version}' for name, version in report['libraries'].items())}."
    )
    parity = [
        f"{name} {result['max_abs_diff']:.1e}" for name, result in report["parity"].items() if "max_abs_diff" in result
    ]
    yield Paragraph(f"Largest difference from Keras over {report['parity_rows']} rows: {', '.join(parity)}.")


def recipe(report: Mapping[str, Any]) -> Iterator[Block]:
    """The whole recipe, key by key."""
    yield Heading("Recipe")
    yield Table(["key", "value"], [[f"`{key}`", value] for key, value in _flat("", report["recipe"])])


def epochs(report: Mapping[str, Any]) -> Iterator[Block]:
    """Every epoch's figures."""
    history = report["training"]["history"]
    names = list(history[0]) if history else []
    if names:
        yield Heading("Epochs")
        rows = [[f"{number}", *(f"{epoch[name]:.5g}" for name in names)] for number, epoch in enumerate(history, 1)]
        yield Table(["epoch", *names], rows)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every key that has a value, with those of its parents before it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else key, inner)
    elif value not in (None, [], ""):
        yield prefix, " ".join(map(str, value)) if isinstance(value, list) else str(value)
