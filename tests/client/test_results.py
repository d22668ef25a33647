import copy
import pickle

import pytest

from app.client.explanations import Scores, TextExplanation
from app.client.results import Classification, DigitReading, Origin, TensorRow, Timing

ORIGIN = Origin("reviews", 3, Timing(total=0.25), "r1")
CLASS = Classification(ORIGIN, "positive", 0.9, {"positive": 0.9})
SCORES = Scores(0.9, 0.5, 0.4, 0.4)
WHY = TextExplanation(0.9, 0.5, 0.4, 0.4, ORIGIN, {}, SCORES, CLASS, "positive", (), (0, 4))


@pytest.mark.parametrize(
    "result", [CLASS, DigitReading(ORIGIN, 0, 1.0, (1.0,)), TensorRow(ORIGIN, {"sums": [1.0]}), WHY]
)
def test_a_result_says_who_answered_holds_its_fields_alone_and_can_be_copied_and_sent(result):
    assert (result.model, result.version) == ("reviews", 3)
    assert not hasattr(result, "__dict__")
    assert copy.copy(result) == copy.deepcopy(result) == pickle.loads(pickle.dumps(result)) == result
    assert repr(result).startswith(f"{type(result).__name__}(")
