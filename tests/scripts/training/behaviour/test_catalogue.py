import io

import numpy as np
import pytest
from PIL import Image

from app.processing.image import decode_grey, to_digit
from scripts.training.behaviour.catalogue import checks_of
from scripts.training.behaviour.news import LABELS as NEWS_LABELS
from scripts.training.data.types import Dataset, Split


@pytest.fixture
def digits():
    """A data set whose test part is three thick bars."""
    images = np.zeros((3, 28, 28), np.uint8)
    for row, image in enumerate(images):
        image[4:24, 10 : 14 + 2 * row] = 255
    return Dataset(
        "bars", tuple("0123456789"), Split(images, np.zeros(3, int)), Split(images, np.zeros(3, int)), "", ""
    )


@pytest.fixture
def texts():
    """A data set of texts with AG News's labels, and none of its rows."""
    nothing = Split([], np.zeros(0, int))
    return Dataset("reports", NEWS_LABELS, nothing, nothing, "", "")


@pytest.mark.parametrize(("name", "cases"), [("english", 900), ("chinese", 800), ("news", 600)])
def test_a_set_of_texts_has_hundreds_of_cases_of_several_kinds(texts, name, cases):
    checks = checks_of([name], [texts])
    assert sum(len(check.cases) for check in checks) >= cases
    assert {"minimum", "invariance"} <= {check.kind for check in checks}
    assert {check.group for check in checks} == {name}
    assert len({check.name for check in checks}) == len(checks)


@pytest.mark.parametrize("name", ["english", "chinese", "news"])
def test_every_case_has_what_its_kind_needs(texts, name):
    for check in checks_of([name], [texts]):
        for case in check.cases:
            assert isinstance(case.given, str)
            assert "{" not in case.given
            assert (case.changed is None) == (check.kind == "minimum")


@pytest.mark.parametrize("name", ["english", "chinese"])
def test_simple_statements_and_their_negations_are_of_both_labels(name):
    labels = {case.label for check in checks_of([name], []) if check.kind == "minimum" for case in check.cases}
    assert labels == {0, 1}


def test_changed_pictures_show_the_same_digit_to_the_serving_preprocessing(digits):
    checks = checks_of(["digits"], [digits])
    assert len(checks) == 9
    for check in checks:
        for case in check.cases:
            assert case.given != case.changed
            seen = [to_digit(decode_grey(picture)) for picture in (case.given, case.changed)]
            assert np.abs(seen[0] - seen[1]).mean() < 0.12, check.name


def test_one_check_sends_jpeg_files(digits):
    (jpeg,) = (check for check in checks_of(["digits"], [digits]) if "JPEG" in check.name)
    assert Image.open(io.BytesIO(jpeg.cases[0].changed)).format == "JPEG"
