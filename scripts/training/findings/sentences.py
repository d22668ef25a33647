"""How a sentiment model does on our own short sentences, beside the baseline where there is one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.types import Array
from scripts.training.behaviour.check import Ask
from scripts.training.evaluation import accuracy_of
from scripts.training.sentences.reading import LABELS, STYLES, read_sentences


def sentence_figures(languages: Sequence[str], asked: Mapping[str, Ask]) -> list[dict[str, Any]]:
    """For each language, the accuracy of everyone `asked` on the held-out half: in all, and by style."""
    return [_figures(language, asked) for language in languages]


def _figures(language: str, asked: Mapping[str, Ask]) -> dict[str, Any]:
    sentences = read_sentences(language, "held_out")
    targets = np.array([LABELS.index(sentence.label) for sentence in sentences])
    styles = np.array([sentence.style for sentence in sentences])
    texts = [sentence.text for sentence in sentences]
    right = {name: ask(texts).argmax(axis=1) == targets for name, ask in asked.items()}
    wrong = next(iter(right.values()))
    return {
        "language": language,
        "rows": len(texts),
        "accuracy": {name: accuracy_of(is_right) for name, is_right in right.items()},
        "by_style": {style: _shares(right, styles == style) for style in STYLES},
        "wrong": [text for text, is_right in zip(texts, wrong.tolist(), strict=True) if not is_right],
    }


def _shares(right: Mapping[str, Array], rows: Array) -> dict[str, float]:
    return {name: round(float(is_right[rows].mean()), 5) for name, is_right in right.items()}
