"""The panel of digits: drawn, chosen, dropped and pasted, and what the model saw of it."""

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

Draw = Callable[[Page], None]

SEVEN = [(70, 60), (210, 60), (120, 230)]
VERDICT = ".verdict .digit"
NOTICE = ".panel .notice"
NOTE = ".drawing > p:last-child"


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A PNG of a dark 7 on white."""
    return drawn("PNG", 280, 280)


def drawn(file_format: str, width: int, height: int) -> bytes:
    """A picture of a 7 in its middle."""
    image = Image.new("L", (width, height), 255)
    side = min(width, height)
    points = [((width - side) / 2 + x * side / 280, (height - side) / 2 + y * side / 280) for x, y in SEVEN]
    ImageDraw.Draw(image).line(points, fill=0, width=side // 13, joint="curve")
    file = io.BytesIO()
    image.save(file, file_format)
    return file.getvalue()


def choose(page: Page, name: str, media_type: str, content: bytes) -> None:
    """Pick a file, as a person does in the dialogue."""
    file = {"name": name, "mimeType": media_type, "buffer": content}
    page.locator(".drawing input[type=file]").set_input_files([file])


def test_a_drawn_seven_is_read_as_seven_with_ten_bars(page: Page, draw_seven: Draw, screenshot: Callable) -> None:
    draw_seven(page)
    expect(page.locator(VERDICT)).to_have_text("7")
    expect(page.locator(".bar")).to_have_count(10)
    expect(page.locator(".bar.top .bar-name")).to_have_text("7")
    expect(page.locator(".bar[aria-pressed=true] .bar-name")).to_have_text("7")
    expect(page.locator(".speed")).to_contain_text("digit/")
    screenshot(page, "digit")


def test_what_the_model_saw_and_what_mattered_are_painted_and_told(page: Page, draw_seven: Draw) -> None:
    draw_seven(page)
    expect(page.locator(".sights")).not_to_have_class("sights blank")
    expect(page.get_by_text("What matters for 7")).to_be_visible()
    for place in (0, 1):
        colours = (
            page.locator(".sights canvas")
            .nth(place)
            .evaluate("canvas => new Set(canvas.getContext('2d').getImageData(0, 0, 28, 28).data).size")
        )
        assert colours > 5, place


def test_another_class_can_be_asked_for_its_reasons_and_given_back(page: Page, draw_seven: Draw) -> None:
    draw_seven(page)
    expect(page.get_by_text("What matters for 7")).to_be_visible()
    page.locator(".bar").nth(1).click()
    expect(page.get_by_text("What matters for 1")).to_be_visible()
    page.locator(".bar").nth(1).click()
    expect(page.get_by_text("What matters for 7")).to_be_visible()


def test_an_emptied_sheet_asks_nothing_and_shows_nothing(page: Page, draw_seven: Draw) -> None:
    draw_seven(page)
    expect(page.locator(VERDICT)).to_have_text("7")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(VERDICT)).to_have_text("?")
    expect(page.locator(".hint")).to_be_visible()
    expect(page.locator(".sights")).to_have_class("sights blank")
    expect(page.locator(NOTICE)).to_be_hidden()


def test_undo_takes_one_stroke(page: Page, draw_seven: Draw) -> None:
    draw_seven(page)
    expect(page.locator(VERDICT)).to_have_text("7")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(VERDICT)).to_have_text("?")


def test_a_finger_draws_and_does_not_scroll(open_page: Callable[..., Page], server: Any) -> None:
    page = open_page(server.url, locale="en-GB", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700})
    page.locator("canvas.paper").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    box = page.locator("canvas.paper").bounding_box()
    assert box is not None
    points = [{"x": box["x"] + x * box["width"] / 280, "y": box["y"] + y * box["height"] / 280} for x, y in SEVEN]
    finger = page.context.new_cdp_session(page)
    for kind, point in zip(("touchStart", "touchMove", "touchMove"), points, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(VERDICT)).to_have_text("7")
    assert page.evaluate("scrollY") == scrolled


def test_the_keyboard_alone_draws_and_clears(page: Page) -> None:
    expect(page.locator("canvas.paper")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('canvas.paper')"):
            break
    page.keyboard.press("Space")
    expect(page.locator(".panel > .unseen")).to_have_text("Pen down")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    for _ in range(7):
        for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
    page.keyboard.press("Space")
    expect(page.locator(VERDICT)).to_have_text("7")
    page.keyboard.press("Delete")
    expect(page.locator(VERDICT)).to_have_text("?")


def test_a_chosen_picture_is_read_as_it_is(page: Page, picture: bytes) -> None:
    choose(page, "seven.png", "image/png", picture)
    expect(page.locator(VERDICT)).to_have_text("7")
    expect(page.locator(NOTE)).to_be_hidden()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_dropped_and_a_pasted_picture_are_read(page: Page, picture: bytes, event: str) -> None:
    expect(page.locator("canvas.paper")).to_be_visible()
    page.locator("canvas.paper").evaluate(
        """(canvas, {event, base64}) => {
            const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "seven.png", {type: "image/png"}));
            const of = {bubbles: true, cancelable: true};
            canvas.dispatchEvent(event === "drop"
                ? new DragEvent(event, {...of, dataTransfer: data})
                : new ClipboardEvent(event, {...of, clipboardData: data}));
        }""",
        {"event": event, "base64": base64.b64encode(picture).decode()},
    )
    expect(page.locator(VERDICT)).to_have_text("7")


def test_a_photo_of_fifty_megapixels_is_scaled_and_the_page_says_so(page: Page) -> None:
    choose(page, "photo.jpg", "image/jpeg", drawn("JPEG", 8000, 6250))
    expect(page.locator(VERDICT)).to_have_text("7")
    expect(page.locator(NOTE)).to_contain_text("8000 × 6250 pixels (50 megapixels); it was scaled to 512 × 400")


def test_an_svg_is_turned_into_pixels_and_the_page_says_so(page: Page) -> None:
    path = '<path d="M70 60H210L120 230" fill="none" stroke="black" stroke-width="22"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 280">{path}</svg>'
    choose(page, "seven.svg", "image/svg+xml", svg.encode())
    expect(page.locator(VERDICT)).to_have_text("7")
    expect(page.locator(NOTE)).to_contain_text("it was turned into")


def test_a_file_that_is_no_picture_is_refused_by_name(page: Page) -> None:
    choose(page, "page.html", "text/html", b"<b>7</b>")
    expect(page.locator(NOTICE)).to_contain_text("Expected a picture; received text/html")
    choose(page, "broken.png", "image/png", b"no picture")
    expect(page.locator(NOTICE)).to_contain_text("cannot read the picture (image/png)")


def test_a_blank_picture_shows_what_the_server_says(page: Page, tolerated: list[str]) -> None:
    tolerated.append("status of 422")
    blank = io.BytesIO()
    Image.new("L", (28, 28), 255).save(blank, "PNG")
    choose(page, "blank.png", "image/png", blank.getvalue())
    expect(page.locator(NOTICE)).to_contain_text("received a blank picture")
    expect(page.locator(NOTICE)).to_contain_text("422 input_invalid · request ")


def test_one_request_is_in_flight_and_the_newest_drawing_wins(page: Page, draw_seven: Draw) -> None:
    held: list[Route] = []
    page.route("**/predict/digit", lambda route: route.continue_() if held else held.append(route))
    draw_seven(page)
    expect(page.locator(".progress")).to_contain_text("Waiting for the server")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    draw_seven(page)
    assert [url for url in asked if "/predict/" in url] == []
    held[0].continue_()
    expect(page.locator(VERDICT)).to_have_text("7")
    expect(page.locator(".progress")).to_be_hidden()
