"""The words of a text that a crop of its tokens stands for, as they were written."""

from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from app.types import Array
from scripts.training.crops import Crops

TEXTS_AT_ONCE = 1000


class TextParts:
    """Finds the part of each of `texts` that a crop of its tokens covers; `keep` says which end of a long text counts.

    `reach` is the number of tokens that a row of the training arrays holds at most, and that crops count from.
    """

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, reach: int, keep: str) -> None:
        self._texts = texts
        self._spans = _spans(texts, tokenizer, reach, keep)

    def take(self, rows: Array, crops: Crops) -> list[str]:
        """From the first to the last character of each of these rows' crops; an empty crop is an empty text."""
        bounds = zip(rows.tolist(), crops.skipped[rows].tolist(), crops.sizes[rows].tolist(), strict=True)
        return [self._part(row, skipped, size) for row, skipped, size in bounds]

    def _part(self, row: int, skipped: int, size: int) -> str:
        spans = self._spans[row][skipped : skipped + size]
        return self._texts[row][spans[0, 0] : spans[-1, 1]] if len(spans) else ""


def _spans(texts: Sequence[str], tokenizer: Tokenizer, reach: int, keep: str) -> list[Array]:
    """For each text the first character of each token and the one after its last (tokens, 2) int32."""
    own = Tokenizer.from_str(tokenizer.to_str())
    own.enable_truncation(reach, direction="left" if keep == "tail" else "right")
    spans: list[Array] = []
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        encodings = own.encode_batch(texts[start : start + TEXTS_AT_ONCE], add_special_tokens=False)
        spans += [np.array(encoding.offsets, np.int32).reshape(-1, 2) for encoding in encodings]
    return spans
