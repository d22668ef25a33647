import numpy as np
import pytest

from scripts.training.findings.sentences import sentence_figures
from scripts.training.sentences.reading import STYLES, read_sentences


def always(positive):
    """Finds every text so positive."""
    return lambda texts: np.tile([1 - positive, positive], (len(texts), 1))


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_model_and_baseline_stand_side_by_side_in_all_and_by_style(language):
    (told,) = sentence_figures([language], {"model": always(0.9), "baseline": always(0.2)})
    sentences = read_sentences(language, "held_out")
    assert told["rows"] == len(sentences)
    assert told["accuracy"]["model"]["value"] == told["accuracy"]["baseline"]["value"] == 0.5
    assert set(told["by_style"]) == set(STYLES)
    assert told["wrong"] == [sentence.text for sentence in sentences if sentence.label == "negative"]
