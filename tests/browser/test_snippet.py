"""The calls that the page shows work when they are pasted: into a shell, and into Python."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PANEL = ".panel:not([hidden])"
AWKWARD = 'It\'s a "wonderful" film: $HOME `id` \\n 50% 好看! END\nEND\n\tTwo lines.'


@pytest.fixture
def page(open_page: Callable[..., Page], server: object) -> Page:
    """The playground, which may use the clipboard."""
    page = open_page(server.url, locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="sentiment").click()
    return page


@pytest.fixture
def copied(page: Page, eventually: Callable[..., Any]) -> Callable[[str, str], str]:
    """What the copy button puts on the clipboard."""

    def copied(call: str, form: str) -> str:
        for choice in (call, form):
            page.locator(PANEL).get_by_role("radio", name=choice).check()
        page.evaluate("navigator.clipboard.writeText('')")
        page.locator(f"{PANEL} .snippet").get_by_role("button").click()
        return str(eventually(lambda: page.evaluate("navigator.clipboard.readText()")))

    return copied


def run(*command: str, given: str | None = None) -> str:
    """What a program says; it has to end well."""
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_curl_calls_work_when_pasted(page: Page, copied: Callable[[str, str], str]) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    page.locator(f"{PANEL} textarea").fill(AWKWARD)
    expect(page.locator(f"{PANEL} .tinted")).to_have_text(AWKWARD)
    assert json.loads(run("bash", given=copied("Predict", "curl")))["label"] == "positive"
    tokens = json.loads(run("bash", given=copied("Explain", "curl")))["tokens"]
    assert "wonderful" in [token["token"] for token in tokens]


def test_the_python_calls_work_when_pasted(page: Page, copied: Callable[[str, str], str]) -> None:
    page.locator(f"{PANEL} textarea").fill(AWKWARD)
    expect(page.locator(f"{PANEL} .tinted")).to_have_text(AWKWARD)
    assert "label='positive'" in run(sys.executable, "-", given=copied("Predict", "Python"))
    assert "token='wonderful'" in run(sys.executable, "-", given=copied("Explain", "Python"))


def test_a_drawing_is_copied_whole_and_shown_shortened(
    page: Page, draw_seven: Callable[[Page], None], copied: Callable[[str, str], str]
) -> None:
    page.get_by_role("link", name="digit").click()
    draw_seven(page)
    page.locator(f"{PANEL} .bar").nth(1).click()
    expect(page.get_by_text("What matters for 1")).to_be_visible()
    expect(page.locator(f"{PANEL} .code")).to_contain_text(" … ")
    assert "digit=7" in run(sys.executable, "-", given=copied("Predict", "Python"))
    explanation = copied("Explain", "Python")
    assert "explained=" in explanation
    assert "digit=7" in run(sys.executable, "-", given=explanation)
