"""Texts to token ids, the same in training and serving."""

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from tokenizers import Tokenizer

from app.errors import ModelInvalid
from app.processing.words import Words
from app.types import Array, Rows

PADDING_ID = 0
"""Stands in front of short texts; no token has it."""

CHARACTERS_PER_TOKEN = 32
"""A text is cut to this many characters per kept token first, so that the cost of a long one is bounded."""


class Token(NamedTuple):
    """A word as it stands in its text, from character `start` up to `end`, and the ids that the model reads for it."""

    start: int
    end: int
    ids: tuple[int, ...]


class TextEncoder:
    """Turns texts into ids, the far end of a text of more than `length` tokens cut off, short ones padded in front.

    `keep` says which end of a long text is kept: its `head` or its `tail`. A text is padded to the shortest of the
    `buckets` that it fits into, the last of which is `length`; without buckets, to `length`.
    """

    def __init__(
        self, tokenizer: Tokenizer, length: int, keep: Literal["head", "tail"] = "tail", buckets: Sequence[int] = ()
    ) -> None:
        self.length = length
        self.keep = keep
        self.buckets = tuple(buckets) or (length,)
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(length, direction="left" if keep == "tail" else "right")
        self._words = Words.of(tokenizer)

    @classmethod
    def from_file(
        cls, path: Path, length: int, keep: Literal["head", "tail"] = "tail", buckets: Sequence[int] = ()
    ) -> "TextEncoder":
        """Read a `tokenizer.json`; raises `ModelInvalid` where it is not one."""
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelInvalid(f"{path.name} is not a tokenizer file: {error}") from error
        return cls(tokenizer, length, keep, buckets)

    def encode(self, texts: Sequence[str], name: str) -> Rows:
        """Encode texts as the tensor `name`, (rows, bucket) int32 for each bucket that any of them needs, in order.

        A text's row depends on nothing but the text; one without a token is a row of padding.
        """
        encoded = self._ids(texts)
        members: dict[int, list[int]] = {}
        for place, ids in enumerate(encoded):
            members.setdefault(self.bucket_of(len(ids)), []).append(place)
        tokens = sum(map(len, encoded))
        if len(members) == 1:
            (bucket,) = members
            return Rows(({name: padded(encoded, bucket)},), None, len(encoded) * bucket, len(encoded) * bucket - tokens)
        filled = sorted(members)
        groups = tuple([{name: padded([encoded[place] for place in members[bucket]], bucket)} for bucket in filled])
        places = np.array([place for bucket in filled for place in members[bucket]], np.intp)
        cells = sum([bucket * len(members[bucket]) for bucket in filled])
        return Rows(groups, places, cells, cells - tokens)

    def tokens(self, text: str) -> list[Token]:
        """The words of the text's kept part, in order: their ids, one after the other, are the ids of the text's row.

        What the tokenizer makes several tokens of, such as the pieces of a rare word, is one word. Words without an id
        are not among them.
        """
        cut = self._cut(text, self.length * CHARACTERS_PER_TOKEN)
        shift = text.rfind(cut) if self.keep == "tail" else text.find(cut)
        encoding = self._tokenizer.encode(cut, add_special_tokens=False)
        tokens: list[Token] = []
        last = None
        for token, (start, end), word in zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True):
            begin = shift + start
            if tokens and (word == last or begin < tokens[-1].end):
                previous = tokens.pop()
                tokens.append(Token(previous.start, max(previous.end, shift + end), (*previous.ids, token)))
            else:
                tokens.append(Token(begin, shift + end, (token,)))
            last = word
        return tokens

    def bucket_of(self, tokens: int) -> int:
        """The length to which a text of so many kept tokens is padded."""
        return self.buckets[bisect_left(self.buckets, tokens)]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's kept tokens."""
        window = self.length * CHARACTERS_PER_TOKEN
        cut = [self._cut(text, window) for text in texts]
        if self._words is None:
            return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(cut, add_special_tokens=False)]
        kept = slice(-self.length, None) if self.keep == "tail" else slice(self.length)
        return [self._words.ids(text)[kept] for text in cut]

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


def padded(rows: Sequence[list[int]], bucket: int) -> Array:
    """Ids (rows, bucket) int32, padded in front; no row is longer."""
    padding, cells = [PADDING_ID] * bucket, []
    for tokens in rows:
        cells += padding[len(tokens) :]
        cells += tokens
    return np.array(cells, np.int32).reshape(len(rows), bucket)  # a flat list is read in two thirds of the time
