"""The two pictures."""

from xml.etree import ElementTree as ET

import pytest

from app.bench.curves import percentile_chart, rate_chart
from app.bench.measurement import Measurement


def points_of(svg):
    return [
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in ET.fromstring(svg).iter("polyline")
    ]


@pytest.fixture
def measure(step_of, counts_of):
    """A measurement of a step: so many requests that took so long."""
    return lambda requests=100, seconds=0.002, **step: Measurement(
        step_of(**step), counts_of({200: requests}, seconds), 1
    )


def test_latency_over_percentile_has_a_line_for_each_step_that_was_answered(measure):
    svg = percentile_chart([measure(), measure(requests=0, connections=9), measure(rate=50.0)])
    assert len(points_of(svg)) == 2
    assert "9 connections" not in svg


def test_a_slower_step_lies_above(measure):
    fast, slow = points_of(percentile_chart([measure(seconds=0.001), measure(seconds=0.1)]))
    assert min(y for _, y in fast) > max(y for _, y in slow)


def test_a_line_ends_where_its_requests_can_tell_no_more(measure):
    few, many = points_of(percentile_chart([measure(10), measure(1000)]))
    assert few[-1][0] < many[-1][0]


def test_without_an_answer_there_is_no_picture(measure):
    assert percentile_chart([measure(requests=0)]) == ""
    assert rate_chart([measure(), measure(requests=0)]) == ""


def test_the_open_loop_stands_over_what_was_offered_in_order(measure):
    svg = rate_chart([measure(rate=300.0), measure(rate=100.0), measure(rate=200.0)])
    assert "offered requests per second" in svg
    for line in points_of(svg):
        assert [x for x, _ in line] == sorted(x for x, _ in line)


def test_the_closed_loop_stands_over_what_was_answered_with_its_connections(measure):
    svg = rate_chart([measure(100, connections=1), measure(400, connections=1500)])
    assert "answered requests per second" in svg
    assert ">1,500</text>" in svg
