"""Texts: each word is left out; of a long text, each run of a few words."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from app.explanations.occlusion import PARTS
from app.explanations.rounding import rounded
from app.explanations.wish import OCCLUSION
from app.processing.text import TextEncoder, Token, padded
from app.types import Array, Tensors

DEFAULT_ROWS = 40
"""In texts of more words some are left out together, unless more rows are asked for: so it stays below ten times the
cost of a prediction where batches hardly help, as with an LSTM of long texts."""

SOURCE = "Li, Monroe, Jurafsky: Understanding Neural Networks through Representation Erasure, 2016, arXiv:1612.08220"
LIMITS = (
    "Each word is left out by itself: of words that say the same twice neither seems to matter, and words that only "
    "mean something together each get all of it. The baseline is the text without any word."
)


class WordOcclusion(NamedTuple):
    """A text, the runs of words that are left out in turn, and the rows of ids without them."""

    text: str
    runs: list[list[Token]]
    tensors: Tensors

    @classmethod
    def of(cls, text: str, encoder: TextEncoder, name: str, max_rows: int) -> "WordOcclusion":
        """The text as rows of the tensor `name`, at most `max_rows` of them (3 or more), all of the text's own bucket.

        What the encoder cuts off a long text is not looked at: the model does not see it either.
        """
        tokens = encoder.tokens(text)
        runs = _even_runs(tokens, max_rows - PARTS)
        ids = [[number for token in run for number in token.ids] for run in runs]
        whole = _joined(ids)
        without = [_joined(ids[:place] + ids[place + 1 :]) for place in range(len(ids))]
        return cls(text, runs, {name: padded([whole, [], *without], encoder.bucket_of(len(whole)))})

    def contributions(self, drops: Array) -> Array:
        """The drops themselves (runs,)."""
        return drops

    def told(self, contributions: Array, log_odds: Array) -> Mapping[str, Any]:
        """Each run with its characters in the text, and which part of the text the model saw."""
        return {
            **words_told(self.text, self.runs, contributions, log_odds),
            "method": {
                "name": OCCLUSION,
                "tokens_together": max(map(len, self.runs), default=1),
                "rows": PARTS + len(self.runs),
                "source": SOURCE,
                "limits": LIMITS,
            },
        }


def words_told(text: str, runs: Sequence[Sequence[Token]], contributions: Array, log_odds: Array) -> dict[str, Any]:
    """Each run with its characters in the text and its contributions, and which part of the text the model saw."""
    spans = [(run[0].start, run[-1].end) for run in runs]
    return {
        "tokens": [
            {"token": text[start:end], "start": start, "end": end, "contribution": share, "log_odds": share_in_odds}
            for (start, end), share, share_in_odds in zip(spans, rounded(contributions), rounded(log_odds), strict=True)
        ],
        "seen": {"start": spans[0][0], "end": spans[-1][1]} if spans else {"start": 0, "end": 0},
    }


def _even_runs(tokens: list[Token], most: int) -> list[list[Token]]:
    """The tokens in at most so many runs, whose lengths differ by one at most."""
    count = min(len(tokens), most)
    edges = [len(tokens) * place // count for place in range(count + 1)] if count else []
    return [tokens[start:end] for start, end in pairwise(edges)]


def _joined(ids: list[list[int]]) -> list[int]:
    """All ids in one list."""
    return [number for run in ids for number in run]
