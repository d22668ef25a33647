"""The further training rows of a recipe with `[contrast]`."""

import logging
import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from scripts.training.contrast.grammar import CHINESE, ENGLISH, Clause, Grammar, contracted
from scripts.training.data.types import Split
from scripts.training.recipe import Contrast

logger = logging.getLogger(__name__)

Sides = tuple[list[Clause], list[Clause]]
"""Clauses that blame, and clauses that praise."""


def contrast_rows(settings: Contrast, training: Split, seed: int) -> Split:
    """Rows made of the `training` texts with targets 0 and 1; the same for the same seed.

    Each taken clause stands there twice, as it was and negated with the other target, and each that finds one of the
    other side is also opposed to it, with its own target.
    """
    number = random.Random(seed)  # noqa: S311 repeatable, not secret
    rows = [row for grammar in (ENGLISH, CHINESE) for row in _rows(settings, grammar, training, number)]
    logger.info("%d rows of contrast", len(rows))
    return Split([text for text, _ in rows], np.array([target for _, target in rows], np.int64))


def _rows(settings: Contrast, grammar: Grammar, training: Split, number: random.Random) -> list[tuple[str, int]]:
    """Texts and targets of one language."""
    sides = _taken(settings, _found(grammar, training), number)
    rows = []
    for target, clauses in enumerate(sides):
        others = sides[1 - target]
        for clause in clauses:
            rows.append((clause.text, target))
            negated = grammar.negated(clause, number)
            rows.append((contracted(negated) if number.random() < 1 / 2 else negated, 1 - target))
        for first, second in zip(others, clauses, strict=False):
            rows.append((number.choice(grammar.opposed).format(first=first.text, second=second.text), target))
    return rows


def _found(grammar: Grammar, training: Split) -> Mapping[Clause, Counter[int]]:
    """Every clause with how often it stands in texts of each target."""
    found: dict[Clause, Counter[int]] = defaultdict(Counter)
    for text, target in zip(training.inputs, training.targets.tolist(), strict=True):
        for clause in grammar.clauses(str(text).lower()):
            found[clause][target] += 1
    return found


def _taken(settings: Contrast, found: Mapping[Clause, Counter[int]], number: random.Random) -> Sides:
    """The clauses with telling words, as many of each side, of their words' own texts only."""
    ratios = _ratios(settings, found)
    sides: Sides = ([], [])
    for clause, counts in found.items():
        ratio = ratios.get(clause.word, 0.0)
        target = int(ratio > 0)
        if abs(ratio) >= settings.least_ratio and counts[target]:
            sides[target].append(clause)
    few = [_at_most(settings.same_word, clauses, number) for clauses in sides]
    size = min(settings.clauses, *map(len, few))
    return few[0][:size], few[1][:size]


def _ratios(settings: Contrast, found: Mapping[Clause, Counter[int]]) -> Mapping[str, float]:
    """The log-count ratio of each word that ends enough clauses, smoothed by one clause on each side."""
    words: dict[str, Counter[int]] = defaultdict(Counter)
    for clause, counts in found.items():
        words[clause.word].update(counts)
    every = sum(words.values(), Counter[int]())
    shift = math.log((every[1] + 2) / (every[0] + 2))
    return {
        word: math.log((counts[1] + 1) / (counts[0] + 1)) - shift
        for word, counts in words.items()
        if counts.total() >= settings.min_rows
    }


def _at_most(same: int, clauses: Sequence[Clause], number: random.Random) -> list[Clause]:
    """The clauses in random order, no word more than `same` times."""
    seen: Counter[str] = Counter()
    kept = []
    for clause in number.sample(clauses, len(clauses)):
        seen[clause.word] += 1
        if seen[clause.word] <= same:
            kept.append(clause)
    return kept
