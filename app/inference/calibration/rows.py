"""Rows to measure a model with: texts of its own words for text tasks, else random numbers of the signature."""

import math
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from app.processing.text import PADDING_ID
from app.repository.manifest import TextSettings
from app.tasks import TOKENIZER
from app.types import Array, Signature, Task, Tensors, TensorSpec

SEED = 0
SEQUENCE = 128
"""What stands for a free dimension: as long as a short paragraph, as wide as a common layer."""

PICTURE = 224
"""What stands for a free height or width of pictures (rows, height, width, channels)."""

WORD = "word"


def sample_rows(signature: Signature, count: int, folder: Path, task: Task, text: TextSettings | None) -> Tensors:
    """So many rows of the signature's inputs, encoded by `task` with the folder's tokenizer where it reads texts.

    Texts of one word to the full length are padded to the full length, whatever their own bucket is: the longest batch
    is what has to be known. Random numbers are 0 to 1, whole numbers 0 or 1, strings one word.
    """
    if text is None:
        random = np.random.default_rng(SEED)
        return {spec.name: _random(random, spec, count) for spec in signature.inputs}
    groups = task.preprocess(_sample_texts(folder / TOKENIZER, count, text.length)).groups
    return {name: np.concatenate([_padded(group[name], text.length) for group in groups]) for name in groups[0]}


def measured_cells(signature: Signature, text: TextSettings | None) -> int:
    """The numbers in one of those rows; at least 1."""
    if text is None:
        return max(1, sum(math.prod(_sizes(spec)) for spec in signature.inputs))
    return len(signature.inputs) * text.length


def described(signature: Signature, text: TextSettings | None) -> str:
    """What `sample_rows` gives, in words."""
    if text is not None:
        return f"texts of 1 to {text.length} of the model's own words, padded to {text.length}"
    return "random " + ", ".join(f"{spec.name} {spec.dtype} {list(_sizes(spec))}" for spec in signature.inputs)


def _sample_texts(tokenizer: Path, count: int, length: int) -> list[str]:
    """So many texts of the tokenizer's own words, of one to `length` of them, evenly spread."""
    vocabulary = Tokenizer.from_file(str(tokenizer)).get_vocab()
    words = sorted(word for word in vocabulary if word.isalnum()) or [WORD]
    random = np.random.default_rng(SEED)
    return [" ".join(random.choice(words, size)) for size in np.linspace(1, length, count).round().astype(int)]


def _sizes(spec: TensorSpec) -> tuple[int, ...]:
    """The shape without the rows, with a size for each free dimension."""
    free = PICTURE if len(spec.shape) == 4 else SEQUENCE
    return tuple(free if size is None else size for size in spec.shape[1:])


def _random(random: np.random.Generator, spec: TensorSpec, count: int) -> Array:
    """One input's rows."""
    shape = (count, *_sizes(spec))
    if spec.dtype == "string":
        return np.full(shape, WORD, object)
    if np.dtype(spec.dtype).kind == "f":
        return random.random(shape).astype(spec.dtype)
    return random.integers(0, 2, shape).astype(spec.dtype)


def _padded(ids: Array, length: int) -> Array:
    """Ids (rows, n) grown in front to (rows, length)."""
    return np.pad(ids, ((0, 0), (length - ids.shape[1], 0)), constant_values=PADDING_ID)
