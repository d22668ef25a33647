"""Which outputs a request gets, and as what."""

import numpy as np
import pytest

from app.errors import InputInvalid
from app.types import Inference
from app.wire.oip_outputs import WantedOutput, output_of, wanted_outputs

INFERENCE = Inference("m", 1, {"score": np.array([[0.5, 2.0]], np.float32)})


def test_who_asks_for_none_gets_all_in_one_form() -> None:
    wanted = wanted_outputs(None, ["b", "a"], is_binary=True)
    assert wanted == [WantedOutput("b", is_binary=True), WantedOutput("a", is_binary=True)]


def test_who_asks_for_some_gets_those_as_they_are_asked_for() -> None:
    asked = [WantedOutput("a", is_binary=False, classes=2)]
    assert wanted_outputs(asked, ["b", "a"], is_binary=True) is asked


def test_an_output_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputInvalid, match="/outputs: expected the outputs score, other; did you mean 'score'"):
        wanted_outputs([WantedOutput("scores", is_binary=False)], ["score", "other"], is_binary=False)


def test_an_output_is_its_numbers_or_the_names_of_its_classes() -> None:
    assert output_of(WantedOutput("score", is_binary=True), INFERENCE, ()) is INFERENCE.outputs["score"]
    classes = output_of(WantedOutput("score", is_binary=True, classes=1), INFERENCE, ["no", "yes"])
    assert classes.tolist() == [["2.000000:1:yes"]]
