from xml.etree import ElementTree as ET

import numpy as np
import pytest

from app.evaluation.judged import Judged
from scripts.training.reporting import charts
from scripts.training.reporting.pictures import confusion, digit_grid
from scripts.training.reporting.svg import standalone

EPOCHS = [{"loss": 2 - n / 5, "accuracy": n / 5, "val_loss": 2.0, "val_accuracy": 0.4} for n in range(5)]


def names(picture):
    """What the picture's texts say."""
    return [element.text for element in ET.fromstring(picture.svg).iter("text")]


def lines(picture):
    """The points of each line."""
    return [element.get("points").split() for element in ET.fromstring(picture.svg).iter("polyline")]


@pytest.mark.parametrize("figure", ["loss", "accuracy"])
def test_curves_show_training_validation_and_the_kept_epoch(figure):
    picture = charts.curves(EPOCHS, 3, figure)
    assert {"training", "validation", "kept: epoch 3", "epoch", figure} <= set(names(picture))
    assert [len(points) for points in lines(picture)] == [5, 5, 2]


def test_the_copies_of_a_red_and_blue_training_have_curves_of_their_own():
    epochs = [{**epoch, "red_val_loss": 1.5, "blue_val_loss": 1.25} for epoch in EPOCHS]
    picture = charts.curves(epochs, 3, "loss")
    assert {"red", "blue"} <= set(names(picture))
    assert [len(points) for points in lines(picture)] == [5, 5, 5, 5, 2]


def test_of_two_labels_there_is_a_curve_for_each_data_set(judged_rows):
    parts = {"films": judged_rows(2), "goods": judged_rows(2, 90)}
    for picture in (charts.roc(parts), charts.precision_recall(parts)):
        assert {"films", "goods"} <= set(names(picture))
        assert picture.title.endswith("of label 1")


def test_of_more_labels_there_is_a_curve_for_each_label(judged_rows):
    picture = charts.roc({"films": judged_rows(3), "goods": judged_rows(3)})
    assert {"label 0", "label 1", "label 2"} <= set(names(picture))


def test_of_curves_that_all_but_touch_the_corner_only_that_is_shown(judged_rows):
    judged = judged_rows(2)
    perfect = Judged(judged.labels, judged.targets, np.eye(2)[judged.targets], judged.neutral)
    for chart in (charts.roc, charts.precision_recall):
        assert "0.95" in names(chart({"films": perfect}))
        assert "0.95" not in names(chart({"films": judged}))


def test_a_long_curve_is_thinned_and_keeps_its_ends(judged_rows):
    (points, *_) = lines(charts.precision_recall({"films": judged_rows(2, 5000)}))
    assert 150 < len(points) <= charts.POINTS


def test_a_bin_of_few_rows_is_not_drawn(judged_rows):
    judged = judged_rows(2, 12)
    (served, ideal) = lines(charts.reliability_diagram(judged, 1.0))
    assert (len(served), len(ideal)) == (0, 2)


def test_reliability_stands_beside_what_it_was_before_and_what_it_should_be(judged_rows):
    judged = judged_rows(4)
    assert {"served", "before calibration", "as sure as right"} <= set(names(charts.reliability_diagram(judged, 1.7)))
    assert "before calibration" not in names(charts.reliability_diagram(judged, 1.0))


def test_a_confusion_has_a_cell_for_every_pair_of_labels(judged_rows):
    judged = judged_rows(3)
    picture = confusion(judged)
    root = ET.fromstring(picture.svg)
    cells = [element for element in root.iter("rect") if element.get("class") == "cell"]
    assert len(cells) == 9
    assert all(f"{count:,}" in names(picture) for count in judged.confusion.ravel())
    strongest = max(float(cell.get("fill-opacity")) for cell in cells)
    assert 0 < strongest <= 0.75


def test_a_grid_shows_25_digits_at_most_and_marks_the_wrong_ones():
    images = np.random.default_rng(0).integers(0, 255, (30, 28, 28)).astype(np.uint8)
    captions = [("7", True)] + [("7 (is 1)", False)] * 29
    picture = digit_grid("samples", "Some digits", images, captions)
    root = ET.fromstring(picture.svg)
    assert len(list(root.iter("image"))) == 25
    assert [element.get("class") for element in root.iter("text")].count("wrong") == 24
    assert all(element.get("href").startswith("data:image/png;base64,") for element in root.iter("image"))


def test_a_picture_stands_as_a_file_with_its_own_style_and_paper(judged_rows):
    for picture in (confusion(judged_rows(2)), charts.roc({"films": judged_rows(2)})):
        root = ET.fromstring(standalone(picture.svg))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "prefers-color-scheme" in root.find("{http://www.w3.org/2000/svg}style").text
        assert root.find("{http://www.w3.org/2000/svg}rect").get("class") == "paper"
