"""The figures as text for a terminal."""

from collections.abc import Iterator

from app.cli.alignment import aligned
from app.cli.evaluation.session import Evaluation
from app.evaluation.figures import Figures, Share
from app.evaluation.reliability import METHOD
from app.labelled.problems import Problem, problem_lines
from app.lifecycle.running import Running


def report_text(found: Evaluation) -> str:
    """The whole result."""
    figures = found.figures
    parts = [
        "\n".join(_head(found)),
        "\n".join(f"{name:<18}{value}" for name, value in figure_lines(figures)),
        "\n".join(aligned(_per_label(figures))),
        "\n".join(["Rows by true label (lines) and answered one (columns)", *aligned(_confusion(figures))]),
        "\n".join(notes_of(found.problems, found.running)),
    ]
    return "\n\n".join(part for part in parts if part)


def running_text(running: Running) -> str:
    """How a model ran."""
    threads = f"{running.threads} thread{'' if running.threads == 1 else 's'}"
    return f"{running.runtime}, {threads}, batches of up to {running.max_batch_rows} rows"


def share_text(share: Share) -> str:
    """A share with its interval."""
    return f"{share.value:.4f} ({share.low:.4f}–{share.high:.4f}, 95 %)"


def figure_lines(figures: Figures) -> Iterator[tuple[str, str]]:
    """The figures of all rows with their names."""
    yield "accuracy", share_text(figures.accuracy)
    yield "macro F1", f"{figures.macro_f1:.4f}"
    yield "log loss", f"{figures.log_loss:.4f}"
    yield "calibration error", f"{figures.ece:.4f} ({METHOD})"
    if figures.neutral_share:
        yield "neutral", f"{figures.neutral_share:.2%} of the answers; accuracy counts their likelier side"
        if figures.outside_neutral is not None:
            yield "outside neutral", f"accuracy {share_text(figures.outside_neutral)}"


def notes_of(problems: tuple[Problem, ...], *runnings: Running) -> Iterator[str]:
    """What was left out, and why a model did not run as planned."""
    yield from problem_lines(problems)
    for running in runnings:
        yield from running.why


def _head(found: Evaluation) -> Iterator[str]:
    rows, milliseconds = found.figures.rows, 1000 * found.seconds / found.figures.rows
    yield f"{found.name} on {running_text(found.running)}"
    yield f"{found.data.name}: {rows:,} rows in {found.seconds:.1f} s, {milliseconds:.3g} ms each"
    if not found.is_whole:
        yield f"Interrupted: a random {rows:,} of {found.asked_rows:,} rows"


def _per_label(figures: Figures) -> list[list[str]]:
    head = ["label", "rows", "precision", "recall", "F1"]
    lines = [
        [one.label, f"{one.rows:,}", *(f"{value:.4f}" for value in (one.precision, one.recall, one.f1))]
        for one in figures.per_label
    ]
    return [head, *lines]


def _confusion(figures: Figures) -> list[list[str]]:
    labels = [one.label for one in figures.per_label]
    lines = [
        [label, *(f"{count:,}" for count in counts)] for label, counts in zip(labels, figures.confusion, strict=True)
    ]
    return [["", *labels], *lines]
