"""Answers as people read them, and as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from app.cli.bars import bar
from app.cli.prediction.model import Model
from app.cli.prediction.session import Finished
from app.types import Prediction

BAR_WIDTH = 32
MOST_CLASSES = 10
MOST_CHARACTERS = 200


def answer_text(model: Model, prediction: Prediction) -> str:
    """One answer: its class with a bar for each, or its tensors."""
    return "\n".join(_answer_lines(model, dict(prediction)))


def answer_json(model: Model, prediction: Prediction) -> str:
    """The same as the document that a server answers with."""
    document = {**prediction, "model": model.name, "version": model.version}
    return json.dumps(document, indent=2, ensure_ascii=False)


def finished_text(finished: Finished) -> str:
    """What came of a file."""
    return "\n".join(_finished_lines(finished))


def finished_json(finished: Finished) -> str:
    """The same as JSON."""
    document = {
        "model": finished.model.place,
        "runtime": finished.model.runtime,
        "data": str(finished.wanted.data),
        "out": str(finished.wanted.out),
        "is_whole": finished.is_whole,
        "rows": finished.rows,
        "rows_before": finished.before,
        "failed": finished.failed,
        "reasons": finished.reasons,
        "seconds": round(finished.seconds, 3),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def bars_of(shares: Mapping[str, float]) -> Iterator[str]:
    """A bar for each class, in their own order; of many classes the likeliest."""
    shown = dict(shares)
    if len(shown) > MOST_CLASSES:
        likeliest = sorted(shown, key=lambda name: -shown[name])[:MOST_CLASSES]
        shown = {name: shown[name] for name in likeliest}
    width = max(map(len, shown))
    for name, share in shown.items():
        yield f"  {name:<{width}}  {bar(share, BAR_WIDTH)} {share:.4f}"
    if len(shown) < len(shares):
        yield f"  … and {len(shares) - len(shown):,} less likely ones"


def _answer_lines(model: Model, told: Mapping[str, Any]) -> Iterator[str]:
    """The answer's class and probabilities, and the tensors of who has them."""
    shares = told.get("probabilities")
    where = f"{model.place} on {model.runtime}"
    if shares is None:
        yield where
    else:
        named = shares if isinstance(shares, Mapping) else {str(digit): share for digit, share in enumerate(shares)}
        answer = click.style(str(told["digit"] if "digit" in told else told["label"]), bold=True)
        yield f"{answer}  {told['score']:.4f}  ({where})"
        yield from bars_of(named)
    for name, value in told.get("outputs", {}).items():
        text = json.dumps(value, ensure_ascii=False)
        yield f"  {name}  {text if len(text) <= MOST_CHARACTERS else f'{text[:MOST_CHARACTERS]}…'}"


def _finished_lines(finished: Finished) -> Iterator[str]:
    wanted, asked = finished.wanted, finished.rows - finished.before
    rate = f", {asked / finished.seconds:,.0f} rows/s" if asked else ""
    yield f"{finished.model.place} on {finished.model.runtime}: {asked:,} rows in {finished.seconds:.1f} s{rate}"
    if finished.before:
        yield f"{finished.before:,} rows were there from the run before"
    if finished.is_whole:
        yield f"Written: {wanted.out}"
    else:
        yield f"Interrupted after {finished.rows:,} rows; go on with --resume"
    if finished.failed:
        yield f"{finished.failed:,} rows have no answer; the column error of each says why:"
        for reason, count in sorted(finished.reasons.items(), key=lambda item: -item[1])[:3]:
            yield f"  {count:,} × {reason}"
