import numpy as np
import pytest

from scripts.training.crops import Crops
from scripts.training.methods.text_parts import TextParts
from scripts.training.recipe import Vocabulary
from scripts.training.vocabulary import train_vocabulary

TEXTS = ["It was, I think, a GOOD film!", "差 电影<br />don't", "", "unheard good"]


@pytest.fixture
def tokenizer():
    return train_vocabulary(["it was i think a good film 差 电影 dont"], Vocabulary(size=40, omit=("think",)))


def parts(tokenizer, keep, reach, skipped, sizes):
    crops = Crops(np.array(skipped), np.array(sizes))
    return TextParts(TEXTS, tokenizer, reach, keep).take(np.arange(len(TEXTS)), crops)


def test_a_part_is_as_it_was_written_with_what_the_vocabulary_leaves_out(tokenizer):
    assert parts(tokenizer, "head", 9, [1, 1, 0, 0], [4, 3, 0, 1]) == [
        "was, I think, a GOOD",
        "电影<br />don't",
        "",
        "unheard",
    ]


@pytest.mark.parametrize(("keep", "found"), [("head", "was"), ("tail", "film")])
def test_crops_count_from_the_end_that_is_kept(tokenizer, keep, found):
    assert parts(tokenizer, keep, 2, [1, 0, 0, 0], [1, 0, 0, 0])[0] == found
