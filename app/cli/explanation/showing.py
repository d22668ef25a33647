"""An explanation with characters: words with bars to either side, a picture as a grid; and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from app.cli.bars import signed_bar
from app.cli.prediction.model import Model
from app.client.explanations import DigitExplanation, Explanation, TextExplanation
from app.types import Array

BAR_WIDTH = 20
WORD_WIDTH = 24
FOR = "░▒▓█"
AGAINST = "-=≡#"
INK = "·"
LEAST_SHARE = 0.05
"""Of the greatest contribution; a smaller one is no more than ink."""


def explanation_text(model: Model, found: Explanation) -> str:
    """What the model says, how sure it is with and without the input, and what each part adds."""
    lines = _words(found) if isinstance(found, TextExplanation) else _grid(found)
    return "\n".join([*_head(model, found), "", *lines, "", *_notes(found)])


def explanation_json(model: Model, found: Explanation) -> str:
    """The document that a server answers with."""
    fields = asdict(found)
    origin = fields.pop("origin")
    prediction = fields.pop("prediction")
    prediction.pop("origin")
    document = {"prediction": prediction, **fields, "model": model.name, "version": origin["version"]}
    if isinstance(found, TextExplanation):
        document["seen"] = {"start": found.seen[0], "end": found.seen[1]}
    return json.dumps(document, indent=2, ensure_ascii=False, default=_plain)


def _head(model: Model, found: Explanation) -> Iterator[str]:
    prediction = found.prediction
    answer = str(found.prediction.digit if isinstance(found, DigitExplanation) else found.prediction.label)
    yield f"{click.style(answer, bold=True)}  {prediction.score:.4f}  ({model.place} on {model.runtime})"
    yield f"{found.explained}: {found.score:.4f}; with nothing of the input {found.baseline:.4f}"


def _notes(found: Explanation) -> Iterator[str]:
    odds = found.log_odds
    yield f"In log-odds the parts add up to {odds.sum:+.3f}, of {odds.difference:+.3f} that the whole input adds."
    if isinstance(found, DigitExplanation):
        yield f"{FOR} speak for {found.explained}, {AGAINST} against it, {INK} is ink that hardly matters."


def _words(found: TextExplanation) -> Iterator[str]:
    """A line for each word, or several that were left out together, with its contribution in log-odds."""
    greatest = max((abs(token.log_odds) for token in found.tokens), default=0.0) or 1.0
    for token in found.tokens:
        word = " ".join(token.token.split())
        shown = word if len(word) <= WORD_WIDTH else f"{word[: WORD_WIDTH - 1]}…"
        bar = signed_bar(token.log_odds / greatest, BAR_WIDTH).rstrip()
        coloured = click.style(bar, fg="green" if token.log_odds >= 0 else "red")
        yield f"  {_padded(shown)}  {token.log_odds:+8.3f}  {coloured}"


def _padded(word: str) -> str:
    """The word on the width of the column; a wide character, as Chinese has them, takes two."""
    return word + " " * max(WORD_WIDTH - sum(2 if ord(character) >= 0x1100 else 1 for character in word), 0)


def _grid(found: DigitExplanation) -> Iterator[str]:
    """A line for each row of pixels, two characters for each pixel, so that it is as wide as high."""
    shares, ink = np.asarray(found.log_odds_contributions), np.asarray(found.picture)
    greatest = float(np.abs(shares).max()) or 1.0
    for row, levels in zip(shares / greatest, ink, strict=True):
        yield "".join(2 * _pixel(float(share), float(level)) for share, level in zip(row, levels, strict=True)).rstrip()


def _pixel(share: float, ink: float) -> str:
    """One pixel: how much it speaks for the class or against it, of -1 to 1, or its ink."""
    if abs(share) < LEAST_SHARE:
        return INK if ink > 0.5 else " "
    marks = FOR if share > 0 else AGAINST
    return marks[min(int(abs(share) * len(marks)), len(marks) - 1)]


def _plain(value: Array) -> Any:
    """An array as lists."""
    return value.tolist()
