"""Texts to token ids, the same in training and serving."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from tokenizers import Tokenizer

from app.errors import ModelInvalid
from app.types import Array

PADDING_ID = 0
"""Stands in front of short texts; no token has it."""

CHARACTERS_PER_TOKEN = 32
"""A text is cut to this many characters per kept token first, so that the cost of a long one is bounded."""


class TextEncoder:
    """Turns texts into ids (rows, length) int32, padded in front, the far end of a long text cut off.

    `keep` says which end of a text longer than `length` tokens is kept: its `head` or its `tail`.
    """

    def __init__(self, tokenizer: Tokenizer, length: int, keep: Literal["head", "tail"] = "tail") -> None:
        self.length = length
        self.keep = keep
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(length, direction="left" if keep == "tail" else "right")

    @classmethod
    def from_file(cls, path: Path, length: int, keep: Literal["head", "tail"] = "tail") -> "TextEncoder":
        """Read a `tokenizer.json`; raises `ModelInvalid` where it is not one."""
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelInvalid(f"{path.name} is not a tokenizer file: {error}") from error
        return cls(tokenizer, length, keep)

    @property
    def vocabulary_size(self) -> int:
        """The number of ids, the padding included."""
        return int(self._tokenizer.get_vocab_size())

    def encode(self, texts: Sequence[str]) -> Array:
        """Encode texts, a row each; a text without a known token becomes a row of padding."""
        window = self.length * CHARACTERS_PER_TOKEN
        cut = [self._cut(text, window) for text in texts]
        ids = np.full((len(cut), self.length), PADDING_ID, dtype=np.int32)
        for row, encoding in zip(ids, self._tokenizer.encode_batch_fast(cut, add_special_tokens=False), strict=True):
            tokens = encoding.ids
            if tokens:
                row[-len(tokens) :] = tokens
        return ids

    def _cut(self, text: str, window: int) -> str:
        """The kept end of a long text, without the word that the cut went through; a run without spaces is kept.

        White space around the text counts for nothing, or a long stretch of it would be all that is kept.
        """
        if len(text) > window:
            text = text.strip()
        if len(text) <= window:
            return text
        kept = text[-window:] if self.keep == "tail" else text[:window]
        edge = kept.find(" ") if self.keep == "tail" else len(kept) - 1 - kept.rfind(" ")
        if not 0 <= edge < CHARACTERS_PER_TOKEN:
            return kept
        return kept[edge:] if self.keep == "tail" else kept[: len(kept) - edge]
