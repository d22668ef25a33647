"""The sections about how a model was taught: teachers, folds, pruning, and what eight bits would cost."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.training.reporting.blocks import Block, Heading, Paragraph, Table

FIGURES = {"val_accuracy": "accuracy", "val_loss": "loss"}


def ways_of_training(report: Mapping[str, Any]) -> Iterator[Block]:
    """Whatever of these the recipe switched on."""
    yield from _teachers(report)
    yield from _folds(report)
    yield from _pruning(report)
    yield from _quantisation(report)


def _teachers(report: Mapping[str, Any]) -> Iterator[Block]:
    if "teachers" in report:
        names = ", ".join(f"`{teacher['name']}`" for teacher in report["teachers"])
        yield Heading("Teachers", 3)
        yield Paragraph(
            f"It learnt from the labels and from what others make of the same rows (distillation, Hinton et al. 2015): "
            f"{names}. None of them saw its validation or test rows."
        )


def _folds(report: Mapping[str, Any]) -> Iterator[Block]:
    if "folds" not in report:
        return
    found = report["folds"]
    yield Heading("Cross-validation", 3)
    rows = [
        [f"fold {number}", f"{fold['rows']:,}", *(f"{fold[name]:.4f}" for name in FIGURES)]
        for number, fold in enumerate(found["folds"], 1)
    ]
    means = [f"{found['mean'][name]:.4f} ± {found['standard_deviation'][name]:.4f}" for name in FIGURES]
    yield Table(["validated on", "rows", *FIGURES.values()], [*rows, ["mean ± standard deviation", "", *means]])


def _pruning(report: Mapping[str, Any]) -> Iterator[Block]:
    if "pruning" in report:
        found = report["pruning"]
        yield Heading("Pruning", 3)
        yield Paragraph(
            f"{found['sparsity']:.1%} of the weights of its kernels and embeddings are zero (Zhu, Gupta 2017): all "
            f"weights take {found['bytes']:,} bytes, compressed {found['compressed_bytes']:,}."
        )


def _quantisation(report: Mapping[str, Any]) -> Iterator[Block]:
    if "quantisation" not in report:
        return
    yield Heading("In eight bits", 3)
    yield Paragraph(
        "The same weights as eight-bit integers, beside those that are served: accuracy on the test rows, bytes, and "
        "the median time of a batch on one thread; p is McNemar's."
    )
    rows = []
    for runtime, found in report["quantisation"].items():
        for kind in ("float32", "int8"):
            told = found[kind]
            times = [f"{milliseconds:.3f} ms" for milliseconds in told["batch_milliseconds"].values()]
            p_value = f"{found['mcnemar']['p_value']:.2g}" if kind == "int8" else ""
            rows.append([f"{runtime}, {kind}", f"{told['accuracy']:.4f}", f"{told['bytes']:,}", *times, p_value])
    if rows:
        batches = [
            f"batch of {size}" for size in next(iter(report["quantisation"].values()))["int8"]["batch_milliseconds"]
        ]
        yield Table(["runtime", "accuracy", "bytes", *batches, "p"], rows)
