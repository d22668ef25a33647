"""The rendered suite: as many pictures of every condition, each as the bytes of an image file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.types import Array
from scripts.training.data.types import Split
from scripts.training.rendered.conditions import CONDITIONS, Condition, ordinary
from scripts.training.rendered.glyphs import drawn
from scripts.training.rendered.pen import written
from scripts.training.rendered.scenes import render

PICTURES = 250
"""Of every condition."""

PEN = (0.03, 0.1)
"""The least and the greatest radius of the pen that draws on a canvas, as a share of the digit's height."""

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Pictures:
    """A test beyond the official one: `inputs` are image files, `targets` (rows,) int64 their digits.

    `conditions` names, for each row, what is special about it.
    """

    name: str
    inputs: Sequence[bytes]
    targets: Array
    conditions: Sequence[str]


def rendered_suite(split: Split, pictures: int = PICTURES, seed: int = SEED) -> Pictures:
    """Pictures of a split's digits, so many of each condition, the same for the same split and seed.

    Each digit is drawn from the split at random; those of the canvas are our own strokes.
    """
    files, targets, conditions = [], [], []
    for number, (name, condition) in enumerate(CONDITIONS.items()):
        random = np.random.default_rng((seed, number))
        for row in random.permutation(len(split.targets))[:pictures].tolist():
            target = int(split.targets[row])
            files.append(_picture(np.asarray(split.inputs[row]), target, condition, random))
            targets.append(target)
            conditions.append(name)
    return Pictures("rendered", files, np.array(targets, np.int64), conditions)


def _picture(image: Array, target: int, condition: Condition, random: np.random.Generator) -> bytes:
    """One picture of a digit (28, 28) uint8 under a condition."""
    scene = condition.scene(ordinary(random), random)
    if condition.canvas:
        return render(drawn(target, random.uniform(*PEN), random), scene, random)
    return render(written(image.astype(np.float32) / 255, random.uniform(*condition.boldness)), scene, random)
