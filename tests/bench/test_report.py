"""The HTML report."""

import re
from xml.etree import ElementTree as ET

import pytest

from app.bench.measurement import Measurement
from app.bench.report import report_html


@pytest.fixture
def page(outcome_of, step_of, counts_of):
    """A report of two closed-loop and two open-loop steps."""
    loads = [{"connections": 1}, {"connections": 8}, {"rate": 100.0}, {"rate": 300.0}]
    return report_html(outcome_of(*(Measurement(step_of(**load), counts_of({200: 50}), 1) for load in loads)))


def test_it_is_well_formed_with_three_charts_and_the_table(page):
    tree = ET.fromstring(page.removeprefix("<!DOCTYPE html>"))
    assert len(list(tree.iter("svg"))) == 3
    assert [row.text for row in tree.iter("th") if row.get("scope") == "row"][:2] == ["1 connection", "8 connections"]


def test_it_needs_no_script_and_nobody_else(page):
    tree = ET.fromstring(page.removeprefix("<!DOCTYPE html>"))
    assert not {"script", "link", "img", "iframe"} & {element.tag for element in tree.iter()}
    assert not [name for element in tree.iter() for name in element.attrib if name in ("src", "href")]
    assert "url(" not in page
    assert "@import" not in page


def test_it_has_colours_for_light_and_dark(page):
    assert "prefers-color-scheme: dark" in page
    used = set(re.findall(r"var\((--\w+)\)", page))
    light, dark = page.split("@media", 1)
    assert used <= set(re.findall(r"(--\w+):", light))
    assert set(re.findall(r"(--\w+):", light)) == set(re.findall(r"(--\w+):", dark))


def test_what_the_server_said_is_escaped(outcome_of):
    page = report_html(outcome_of(status=500, detail="<script>alert(1)</script>"))
    assert "<script>" not in page
    ET.fromstring(page.removeprefix("<!DOCTYPE html>"))
