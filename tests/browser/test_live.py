"""The live panel: it tells what the server really does, sleeps when nobody looks, and survives the server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def tiny_server(serve: Callable[..., Any], tiny_models: Path) -> Iterator[Any]:
    """The tiny models, served by two workers."""
    with serve(tiny_models, workers=2) as server:
        yield server


def ask(url: str, times: int) -> None:
    """So many predictions, each on a connection of its own, so that both workers get some."""
    for _ in range(times):
        assert httpx.post(f"{url}/predict/topic", json={"text": "oil"}, timeout=60, verify=False).status_code == 200


def figure(page: Page, name: str, model: str = "") -> Any:
    """Where a figure stands: a model's, or that of all."""
    place = f'tr[data-model="{model}"] td' if model else ".tile-value"
    return page.locator(f'#live {place}[data-figure="{name}"]')


def test_requests_show_up_with_their_model_over_all_workers(tiny_server: Any, open_page: OpenPage) -> None:
    page = open_page(tiny_server.url, locale="en-GB")
    expect(figure(page, "requests")).to_have_text("0/s")
    ask(tiny_server.url, 12)
    expect(figure(page, "requests", "topic")).not_to_have_text("0/s")
    expect(figure(page, "p50", "topic")).to_contain_text("ms")
    expect(figure(page, "batch", "topic")).to_have_text("1.0")
    expect(figure(page, "requests")).not_to_have_text("0/s")
    expect(figure(page, "requests", "sentiment")).to_have_text("0/s")
    expect(figure(page, "p99", "sentiment")).to_have_text("–")


def test_a_hidden_page_asks_nothing_and_goes_on_when_it_is_seen(tiny_server: Any, open_page: OpenPage) -> None:
    page = open_page(tiny_server.url, locale="en-GB")
    state = page.locator("#live .live-state")
    expect(state).to_have_text("Running")
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true}); \
        document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, True)
    expect(state).to_have_text("Paused while the page is hidden")
    page.evaluate(hide, False)
    expect(state).to_have_text("Running")


def test_the_panel_speaks_chinese(tiny_server: Any, open_page: OpenPage) -> None:
    page = open_page(tiny_server.url, locale="zh-CN")
    expect(page.locator("#live .live-state")).to_have_text("运行中")
    expect(figure(page, "requests")).to_contain_text("/秒")
    page.locator("#language").click()
    expect(page.locator("#live .live-state")).to_have_text("Running")
    expect(figure(page, "requests")).to_contain_text("/s")


def test_a_server_that_goes_away_is_missed_and_found_again(
    serve: Callable[..., Any], tiny_models: Path, open_page: OpenPage, tolerated: list[str]
) -> None:
    tolerated += ["Failed to load resource", "ERR_"]
    with serve(tiny_models) as server:
        ask(server.url, 3)
        page = open_page(server.url, locale="en-GB")
        state = page.locator("#live .live-state")
        expect(state).to_have_text("Running")
        server.stop()
        expect(state).to_have_text("The server cannot be reached; trying again")
    with serve(tiny_models, port=server.port) as again:
        expect(state).to_have_text("Running")
        ask(again.url, 1)
        expect(figure(page, "requests", "topic")).not_to_have_text("0/s")
        assert "-" not in (figure(page, "requests").text_content() or "-")


def test_what_is_drawn_comes_from_differences_and_buckets(page: Page) -> None:
    told = page.evaluate(
        """async () => {
          const { ALL, Recent, quantile } = await import(new URL("playground/rates.js", location));
          const event = (time, refused, seconds) => ({ time, bounds: [1, 2, 4], models: {
            m: { batches: refused, rows: 5 * refused, waiting: 1, refused, seconds } } });
          const recent = new Recent();
          const first = recent.take(event(100, 0, [0, 0, 0, 0]));
          const second = recent.take(event(102, 2, [0, 4, 8, 10]));
          const [figures, all] = [recent.figures("m"), recent.figures(ALL)];
          const same = recent.take(event(102, 2, [0, 4, 8, 10]));
          const restarted = recent.take(event(103, 1, [0, 0, 0, 1]));
          const none = quantile([0, 0], [1], 0.5);
          return { first, second, same, restarted, figures, all, none, names: recent.names() };
        }"""
    )
    figures = {"requests": 5, "p50": 2.5, "p99": float("inf"), "batch": 5, "waiting": 1, "refused": 1}
    assert told == {
        "first": False,
        "second": True,
        "same": False,
        "restarted": False,
        "figures": figures,
        "all": figures,
        "names": ["m"],
        "none": None,
    }
