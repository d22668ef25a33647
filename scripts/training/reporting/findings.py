"""The sections about what was found besides: other inputs, behaviour, the version before, the worst errors."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.training.reporting.blocks import Block, Heading, Paragraph, Table
from scripts.training.reporting.cells import figure, share

KINDS = {"minimum": "must be right", "invariance": "must stay", "direction": "must not rise"}


def baseline(report: Mapping[str, Any]) -> Iterator[Block]:
    """The classical baseline beside the model."""
    if "baseline" not in report:
        return
    found = report["baseline"]
    yield Heading("Beside the classical baseline")
    yield Paragraph(f"Fitted on the same training rows: {found['method']}. Accuracy on the test part:")
    model = report["test_per_dataset"]
    rows = [[name, figure(told), figure(model[name]["accuracy"])] for name, told in found["accuracy"].items()]
    yield Table(["data set", "baseline", "this model"], rows)


def sentences(report: Mapping[str, Any]) -> Iterator[Block]:
    """Our own short sentences of other domains."""
    if "sentences" not in report:
        return
    yield Heading("Short sentences of other domains")
    yield Paragraph(
        "Sentences of our own about goods, places and services of many kinds, half of each style positive; the half of "
        "them on which nothing was chosen (`scripts/training/sentences/*_held_out.tsv`). Share of right answers, the "
        "neutral band aside."
    )
    for part in report["sentences"]:
        asked = list(part["accuracy"])
        rows = [["all", *(share(part["accuracy"][name]) for name in asked)]]
        rows += [[style, *(f"{told[name]:.1%}" for name in asked)] for style, told in part["by_style"].items()]
        yield Table([f"{part['language']}, {part['rows']} sentences", *asked], rows)


def additional(report: Mapping[str, Any]) -> Iterator[Block]:
    """Test sets beyond the official one."""
    for found in report.get("additional", []):
        yield Heading(f"Beyond the test split: {found['name']}")
        yield Paragraph(f"{found['accuracy']['rows']:,} pictures through the serving preprocessing, by condition.")
        rows = [["all", f"{found['accuracy']['rows']:,}", share(found["accuracy"])]]
        rows += [[part["name"], f"{part['rows']:,}", share(part)] for part in found["conditions"]]
        yield Table(["condition", "pictures", "right"], rows)


def behaviour(report: Mapping[str, Any]) -> Iterator[Block]:
    """The behavioural tests' pass rates."""
    if "behaviour" not in report:
        return
    outcomes = report["behaviour"]
    yield Heading("Behavioural tests")
    yield Paragraph(
        f"{sum(one['cases'] for one in outcomes):,} inputs of our own making (Ribeiro et al. 2020). The answer must be "
        "right; or stay the same after a change that means nothing; or a probability must not rise (by more than 0.05) "
        "after a sentence that speaks against it."
    )
    rows = [
        [f"{one['group']}: {one['name']}", KINDS[one["kind"]], f"{one['cases']:,}", share(one["rate"])]
        for one in outcomes
    ]
    yield Table(["test", "kind", "cases", "passed"], rows)


def failures(report: Mapping[str, Any]) -> Iterator[Block]:
    """Examples of what the behavioural tests found."""
    failing = [one for one in report.get("behaviour", []) if one["failures"]]
    if failing:
        yield Heading("Behavioural tests: examples of failures", 3)
        yield Table(
            ["test", "first failures"],
            [[f"{one['group']}: {one['name']}", " · ".join(one["failures"])] for one in failing],
        )


def version_before(report: Mapping[str, Any]) -> Iterator[Block]:
    """What became better or worse."""
    if "version_before" not in report:
        return
    found = report["version_before"]
    yield Heading(f"Beside version {found['version']}")
    if "failed" in found:
        yield Paragraph(f"It could not be measured on the same rows: {found['failed']}.")
        return
    yield Paragraph(
        "On the same test rows; the interval is that of the paired difference, the p-value McNemar's exact."
    )
    parts = (
        {**found["per_dataset"], "together": found["together"]}
        if len(found["per_dataset"]) > 1
        else found["per_dataset"]
    )
    yield Table(
        ["data set", "difference of accuracy", "only before right", "only now right", "p"],
        [
            [
                name,
                f"{part['difference']:+.4f} ({part['interval'][0]:+.4f} to {part['interval'][1]:+.4f})",
                f"{part['only_before_right']:,}",
                f"{part['only_now_right']:,}",
                f"{part['mcnemar_p']:.2g}",
            ]
            for name, part in parts.items()
        ],
    )


def wrong_sentences(report: Mapping[str, Any]) -> Iterator[Block]:
    """Our own sentences that the model got wrong: to be read, not to be learnt from."""
    wrong = [(part["language"], part["wrong"]) for part in report.get("sentences", []) if part["wrong"]]
    if wrong:
        yield Heading("Short sentences: wrong answers", 3)
        yield Table(["language", "sentences"], [[language, " · ".join(texts)] for language, texts in wrong])


def worst_errors(report: Mapping[str, Any]) -> Iterator[Block]:
    """The surest wrong answers, by row."""
    if not report["worst_errors"]:
        return
    yield Heading("Surest wrong answers", 3)
    yield Paragraph(
        "By row of the data set's test part, counted from 0 as Horngate reads it. The texts are other people's and are "
        "not shown."
    )
    yield Table(
        ["data set", "row", "label", "answer", "probability"],
        [
            [one["dataset"], f"{one['row']}", one["label"], one["predicted"], f"{one['probability']:.4f}"]
            for one in report["worst_errors"]
        ],
    )
