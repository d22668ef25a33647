"""Swagger UI at /docs, in a browser that may ask this server alone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


def test_the_server_s_routes_are_shown_without_another_host(server: Any, open_page: OpenPage, screenshot: Any) -> None:
    page = open_page(f"{server.url}/docs")
    expect(page.locator(".opblock-summary-path", has_text="/metrics")).to_be_visible()
    expect(page.locator(".opblock-summary-path", has_text="/predict/sentiment").first).to_be_visible()
    screenshot(page, "docs")


def test_each_model_has_its_document_and_an_address_that_remembers_it(server: Any, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/docs")
    choice = page.get_by_label("Document")
    expect(choice.locator("option")).to_have_count(4)
    choice.select_option("topic")
    expect(page.locator(".info .title")).to_contain_text("topic")
    expect(page).to_have_url(f"{server.url}/docs?model=topic")
    page.reload()
    expect(page.locator(".info .title")).to_contain_text("topic")
    expect(page.get_by_role("link", name="as JSON")).to_have_attribute(
        "href", f"{server.url}/models/topic/openapi.json"
    )


def test_a_request_can_be_tried_from_the_page(server: Any, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/docs")
    live = page.locator(".opblock", has_text="/health/live")
    live.locator(".opblock-summary-control").click()
    live.get_by_role("button", name="Try it out").click()
    live.get_by_role("button", name="Execute").click()
    expect(live.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
