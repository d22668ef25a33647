"""The page as a whole: languages, themes, phones, screen readers, and a server that is not there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PANEL = ".panel:not([hidden])"
VERDICT = f"{PANEL} .verdict .label"
STATE = "#state"
GONE = "net::ERR_"
PROBLEM = {"title": "The server is not ready", "status": 503, "detail": "loading", "code": "not_ready"}

OpenPage = Callable[..., Page]
Draw = Callable[[Page], None]


def write(page: Page, text: str) -> None:
    """A text into the panel of sentiment."""
    page.locator("#models a", has_text="sentiment").click()
    page.locator(f"{PANEL} textarea").fill(text)


def test_the_page_speaks_the_browsers_language_and_remembers_another(open_page: OpenPage, server: Any) -> None:
    page = open_page(server.url, locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("问模型，看原因")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a model, see why")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a model, see why")
    expect(page.locator(STATE)).to_contain_text("Ready, 3 models")


def test_a_change_of_language_reaches_what_was_answered(page: Page) -> None:
    write(page, "A wonderful film")
    expect(page.get_by_role("heading", name="What speaks for “positive”")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.locator(VERDICT)).to_have_text("好评 positive")
    expect(page.get_by_role("heading", name="哪些词支持“好评 positive”")).to_be_visible()


def test_the_theme_follows_the_system_until_one_is_chosen(open_page: OpenPage, server: Any) -> None:
    page = open_page(server.url, locale="en-GB", color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Theme: system").click()
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    assert page.evaluate(ground) != dark
    page.reload()
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    assert page.evaluate(ground) != dark


def test_an_address_opens_its_model(open_page: OpenPage, server: Any) -> None:
    page = open_page(f"{server.url}/#model/topic", locale="en-GB")
    expect(page.locator("#models a[aria-current=page]")).to_have_text("topic")
    expect(page.locator(f"{PANEL} h2")).to_have_text("topic")


def test_a_phone_scrolls_in_one_direction_only(
    open_page: OpenPage, server: Any, draw_seven: Draw, screenshot: Callable
) -> None:
    for locale in ("en-GB", "zh-CN"):
        page = open_page(
            server.url, locale=locale, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
        )
        draw_seven(page)
        expect(page.locator(".sights")).not_to_have_class("sights blank")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        screenshot(page, f"phone-digit-{locale}")
        write(page, "A wonderful film 这部电影太好看了 " + "long" * 60)
        expect(page.locator(f"{PANEL} .tinted")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        screenshot(page, f"phone-text-{locale}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_serious(
    *,
    open_page: OpenPage,
    server: Any,
    draw_seven: Draw,
    axe: Callable[[Page], list[str]],
    screenshot: Callable,
    locale: str,
    scheme: Any,
) -> None:
    page = open_page(server.url, locale=locale, color_scheme=scheme, reduced_motion="reduce")
    draw_seven(page)
    expect(page.locator(".sights")).not_to_have_class("sights blank")
    assert axe(page) == []
    screenshot(page, f"digit-{locale}-{scheme}")
    write(page, "It was a boring film with a lovely soundtrack. 好看")
    page.locator(f"{PANEL} summary").click()
    assert axe(page) == []
    screenshot(page, f"text-{locale}-{scheme}")


def test_a_server_that_goes_away_and_comes_back_is_noticed_and_nothing_is_lost(
    browser: Any, open_page: OpenPage, serve: Callable[..., Any], tiny_models: Path, tolerated: list[str]
) -> None:
    tolerated.append(GONE)
    text = "A good film"
    with serve(tiny_models) as server:
        page = open_page(server.url, locale="en-GB")
        expect(page.locator(STATE)).to_contain_text("Ready")
        port = server.port
    write(page, text)
    expect(page.locator("#banner")).to_contain_text("The server does not answer.")
    expect(page.locator(STATE)).to_have_text("No answer")
    expect(page.locator(f"{PANEL} textarea")).to_have_value(text)
    with serve(tiny_models, port=port):
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator(VERDICT)).to_have_text("positive")
        expect(page.locator(STATE)).to_contain_text("Ready")
        expect(page.locator(f"{PANEL} textarea")).to_have_value(text)
        page.close()


def test_a_503_is_told_and_asked_again_by_itself(page: Page, tolerated: list[str]) -> None:
    tolerated.append("status of 503")
    expect(page.locator(STATE)).to_contain_text("Ready")
    asked = "**/{predict/sentiment,health/ready}"
    page.route(asked, lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, json=PROBLEM))
    write(page, "A wonderful film")
    expect(page.locator("#banner")).to_contain_text("The server is loading its models or shutting down.")
    page.unroute(asked)
    expect(page.locator(VERDICT)).to_have_text("positive")
    expect(page.locator("#banner")).to_be_hidden()


def test_a_page_opened_while_models_load_fills_itself_once_they_are_there(page: Page, tolerated: list[str]) -> None:
    tolerated.append("status of 503")
    expect(page.locator(STATE)).to_contain_text("Ready")
    page.route("**/models", lambda route: route.fulfill(json={"models": []}))
    page.route("**/health", lambda route: route.fulfill(json={"status": "loading", "models": [], "failures": []}))
    page.route("**/health/ready", lambda route: route.fulfill(status=503, json=PROBLEM))
    page.reload()
    expect(page.locator(STATE)).to_have_text("Loading models")
    expect(page.locator("#banner")).to_be_visible()
    page.unroute_all()
    expect(page.locator(STATE)).to_contain_text("Ready, 3 models")
    expect(page.locator("#banner")).to_be_hidden()
