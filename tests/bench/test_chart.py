"""Charts as SVG."""

from xml.etree import ElementTree as ET

from app.bench.axis import linear_axis
from app.bench.chart import COLOURS, HEIGHT, Line, draw


def drawn(*lines):
    return ET.fromstring(draw("A <title>", linear_axis("x & y", 10), linear_axis("ms", 5), lines))


def test_text_of_any_kind_is_escaped():
    svg = drawn(Line('<script> & "more"', [(0, 0), (10, 5)]))
    assert svg.get("aria-label") == "A <title>"
    assert '<script> & "more"' in [text.text for text in svg.iter("text")]


def test_a_line_runs_from_corner_to_corner_of_its_axes():
    svg = drawn(Line("one", [(0, 0), (10, 5)]))
    assert svg.find("polyline").get("points") == "64.0,328.0 592.0,16.0"


def test_marks_and_labels_stand_where_it_was_measured():
    svg = drawn(Line("one", [(0, 0), (10, 5)], has_marks=True, labels=["1", "8"]))
    assert [mark.get("cx") for mark in svg.iter("circle")] == ["64.0", "592.0"]
    assert {"1", "8"} <= {text.text for text in svg.iter("text") if text.get("text-anchor") == "end"}


def test_more_lines_than_colours_are_dashed_and_the_legend_has_room():
    svg = drawn(*(Line(str(number), [(0, 0), (1, 1)]) for number in range(32)))
    classes = [line.get("class") for line in svg.iter("polyline")]
    assert len(set(classes)) == 2 * COLOURS
    assert "dashed" in classes[COLOURS]
    height = float(svg.get("viewBox").split()[3])
    assert height > HEIGHT
    assert all(float(text.get("y")) < height for text in svg.iter("text"))
