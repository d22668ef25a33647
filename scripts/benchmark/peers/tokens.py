"""Texts to ids and probabilities to labels, as a sentiment version's manifest says, without Horngate's code."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

FOLDER_VARIABLE = "MODEL_FOLDER"


class Reading(TypedDict):
    """A text's label, and the probability of the likelier side."""

    label: str
    score: float


class TokenReader:
    """Texts to ids as the model's manifest says: which end is kept, and the lengths to which a row is filled up."""

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        text = manifest["text"]
        self.band: tuple[float, float] = tuple(manifest.get("neutral_band") or (0.5, 0.5))
        self._lengths: list[int] = text.get("buckets") or [text["length"]]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(text["length"], direction="left" if text["keep"] == "tail" else "right")

    def encode(self, texts: Sequence[str]) -> Any:
        """Texts to ids (rows, length) int32: zeros in front, as many columns as the longest text's bucket has."""
        rows = [row.ids for row in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
        longest = max(map(len, rows))
        ids = np.zeros((len(rows), next(length for length in self._lengths if length >= longest)), np.int32)
        for row, tokens in zip(ids, rows, strict=True):
            row[len(row) - len(tokens) :] = tokens
        return ids

    def reading(self, positive: float) -> Reading:
        """The label of a probability of the positive side, `neutral` inside the manifest's band."""
        label = "positive" if positive >= 0.5 else "negative"
        if self.band[0] < positive < self.band[1]:
            label = "neutral"
        return {"label": label, "score": max(positive, 1 - positive)}
