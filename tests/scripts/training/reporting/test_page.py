import base64
import hashlib
import re
from xml.etree import ElementTree as ET

import pytest

from scripts.training.reporting import content
from scripts.training.reporting.blocks import Picture, Table
from scripts.training.reporting.charts import roc
from scripts.training.reporting.page import page


@pytest.fixture
def written(report, judged_rows):
    """The whole page of the made-up report."""
    return page("tiny, version 2", content.full(report, [roc({"films": judged_rows(2)})]))


def test_the_page_is_well_formed_and_shows_every_picture_inline(written):
    root = ET.fromstring(written)
    assert root.find("head/title").text == "tiny, version 2"
    assert len(root.findall(".//figure/svg")) == 1


def test_the_page_loads_nothing_and_its_policy_allows_its_own_style_alone(written):
    assert not re.search(r"https?://(?!www\.w3\.org)|<script|<link| style=| on\w+=", written)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', written)[1]
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"


def test_what_others_wrote_is_text_and_no_markup(written):
    assert "Tells &lt;praise&gt; from blame." in written
    assert "Not &lt;b&gt;good&lt;/b&gt;." in written
    assert "<code>neutral</code>" in written


def test_the_page_is_for_light_dark_and_paper(written):
    assert "prefers-color-scheme: dark" in written
    assert "@media print" in written


def test_a_picture_without_blocks_around_it_stands_alone():
    assert "<figcaption>A dot</figcaption>" in page("one", [Picture("dot", "A dot", "<svg/>")])


def test_a_long_cell_is_broken_into_lines_and_a_figure_is_not():
    written = page("one", [Table(["a", "b", "c"], [["x", "0.5 (0.4–0.6)", "words " * 20]])])
    assert "<td>0.5 (0.4–0.6)</td>" in written
    assert '<td class="words">words words' in written
