"""The straight path from padding to a text."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.explanations.word_paths import WORDS, WordPath
from app.inference.runtimes.gradients import SHARE
from app.processing.text import TextEncoder, Token

TOKENS = [Token(0, 4, (7,)), Token(5, 9, (8, 9)), Token(9, 10, (5,))]
LENGTH = 6


class Encoder(TextEncoder):
    """Finds these tokens in every text."""

    def __init__(self) -> None:
        self.buckets = (LENGTH,)

    def tokens(self, text: str) -> list[Token]:
        return TOKENS


def path_of(steps: int = 2) -> WordPath:
    return WordPath.of("well done!", Encoder(), "tokens", elements=1, steps=steps)


def shares_of(lookups: list[float]) -> list[float]:
    """The tokens' shares where each step has the same gradients."""
    numbers = np.tile(np.array([0.5, *lookups]), (4, 1))
    values, gradients = path_of().unpacked(numbers)
    assert values.tolist() == [[0.5]] * 4
    return path_of().contributions(gradients, np.ones(4))[WORDS].tolist()


def test_every_row_has_the_texts_ids_and_how_far_it_has_come():
    path = path_of()
    assert path.tensors["tokens"].tolist() == [[0, 0, 7, 8, 9, 5]] * 4
    assert path.tensors[SHARE].tolist() == [1, 0, 0.25, 0.75]
    assert path.whole["tokens"].shape == (1, LENGTH)


def test_a_tokens_share_is_that_of_all_its_ids():
    assert shares_of([100, 100, 1, 2, 3, 4]) == [1, 5, 4]


def test_a_run_is_shared_evenly_by_its_positions():
    pairs, triples = [0, 0, 8, 0, 0], [0, 0, 0, 12]
    assert shares_of([0] * 6 + [0] * 6 + pairs + [0] * 4) == [4, 4, 0]
    assert shares_of([0] * 6 + [0] * 6 + [0] * 5 + triples) == [0, 8, 4]
    assert shares_of([0] * 6 + [0, 0, 5, 0, 0, 0] + pairs + triples) == [9, 12, 4]


def test_only_the_steps_are_summed_up_each_with_its_slope():
    numbers = np.array([[0.5, 0, 0, step, 0, 0, 0] for step in (9, 9, 2, 4)])
    path = path_of()
    _, gradients = path.unpacked(numbers)
    assert path.contributions(gradients, np.array([7, 7, 1, 0.5]))[WORDS].tolist() == [2, 0, 0]


def test_lookups_of_another_kind_are_refused():
    with pytest.raises(InputInvalid, match="received 7 lookups for 6 positions; ask for"):
        shares_of([0] * 7)
