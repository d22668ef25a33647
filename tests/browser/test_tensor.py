"""The panels of models of one's own: a form made from the signature, versions, and a task under another name."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PANEL = ".panel:not([hidden])"
NOTICE = f"{PANEL} .notice"
CELLS = f"{PANEL} .answer td"


@pytest.fixture(scope="module")
def own(
    *,
    browser: Any,
    serve: Callable[..., Any],
    build_tensor: Callable[..., Path],
    build_digit: Callable[..., Path],
    simple_models: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    """Serves `adder` in two versions, `scores` with labels, and a reader of digits called `strokes`."""
    models = tmp_path_factory.mktemp("own")
    for version in (1, 2):
        build_tensor(models, version=version)
    (models / "adder" / "serving.json").write_text('{"default": 2, "labels": {"stable": 1}}', "utf-8")
    build_digit(models, name="strokes")
    shutil.copytree(simple_models / "scores", models / "scores")
    with serve(models) as server:
        yield server


@pytest.fixture
def adder(open_page: Callable[..., Page], own: Any) -> Page:
    """The page with the panel of `adder`."""
    return open_page(f"{own.url}/#model/adder", locale="en-GB")


def test_the_form_has_each_tensor_with_an_example_that_works(adder: Page, screenshot: Callable, axe: Callable) -> None:
    expect(adder.locator(f"{PANEL} .field-name")).to_have_text(
        ["leftfloat32 [· × 2]", "rightfloat32 [· × 2]", "countint32 [·]"]
    )
    adder.get_by_role("button", name="Predict").click()
    expect(adder.locator(CELLS)).to_have_text(["[0,0]", "0"])
    assert axe(adder) == []
    screenshot(adder, "tensors")


def test_rows_are_answered_as_the_rows_of_a_table(adder: Page) -> None:
    adder.get_by_label("left").fill("[[1, 2], [3, 4.5]]")
    adder.get_by_label("right").fill("[[1, 1], [0, 0]]")
    adder.get_by_label("count").fill("[5, 6]")
    adder.get_by_label("count").press("Control+Enter")
    expect(adder.locator(CELLS)).to_have_text(["[2,3]", "15", "[3,4.5]", "18"])


def test_the_python_call_works_when_pasted(adder: Page) -> None:
    adder.get_by_label("count").fill("[7]")
    adder.get_by_role("button", name="Predict").click()
    adder.get_by_role("radio", name="Python").check()
    program = adder.locator(f"{PANEL} .code").inner_text()
    said = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60, check=True)
    assert "'tripled': 21" in said.stdout


def test_what_is_no_json_is_found_before_it_is_sent(adder: Page) -> None:
    adder.get_by_label("right").fill("[[1, 2")
    adder.get_by_role("button", name="Predict").click()
    expect(adder.locator(NOTICE)).to_contain_text("right: expected rows as JSON, such as [[0, 1]];")
    expect(adder.get_by_label("right")).to_have_attribute("aria-invalid", "true")
    expect(adder.get_by_label("right")).to_be_focused()


def test_what_the_server_refuses_is_told_with_the_place(adder: Page, tolerated: list[str], axe: Callable) -> None:
    tolerated.append("status of 422")
    adder.get_by_label("right").fill("[[1, 2, 3]]")
    adder.get_by_role("button", name="Predict").click()
    expect(adder.locator(NOTICE)).to_contain_text("/inputs/right")
    expect(adder.locator(NOTICE)).to_contain_text("422 input_invalid · request ")
    assert axe(adder) == []


def test_another_version_can_be_picked(adder: Page) -> None:
    adder.get_by_label("Version").select_option("1 · stable")
    adder.get_by_role("button", name="Predict").click()
    expect(adder.locator(f"{PANEL} .speed")).to_contain_text("adder/1")
    expect(adder.locator(f"{PANEL} .code")).to_contain_text("/predict/adder?version=1")


def test_a_classifier_has_bars(open_page: Callable[..., Page], own: Any) -> None:
    page = open_page(f"{own.url}/#model/scores", locale="en-GB")
    page.get_by_label("INPUT0").fill("[[0.1, 0.7, 0.2]]")
    page.get_by_role("button", name="Predict").click()
    expect(page.locator(f"{PANEL} .bar.top")).to_contain_text("dog")
    expect(page.locator(CELLS).first).to_have_text("dog")


def test_a_task_under_another_name_has_the_same_panel(
    open_page: Callable[..., Page], own: Any, draw_seven: Callable[[Page], None]
) -> None:
    page = open_page(f"{own.url}/#model/strokes", locale="en-GB")
    draw_seven(page)
    expect(page.locator(f"{PANEL} .speed")).to_contain_text("strokes/1")
    page.get_by_role("radio", name="Python").check()
    expect(page.locator(f"{PANEL} .code")).to_contain_text('client.predict("strokes", b64decode(')
