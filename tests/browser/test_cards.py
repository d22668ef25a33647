"""The model cards: what is served and measured, and a card's Markdown that can do nothing but be read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.repository.manifest import read_manifest, write_manifest

OpenPage = Callable[..., Page]

CARD = """# Tiny, *version* 1

<img src=x onerror="document.title='broken'"> & <script>document.title='broken'</script>

Some `code <b>`, **strong** and [a link](https://example.org/), [no link](javascript:alert(1)), ![far](http://example.org/x.svg).
A second line.

- one
  goes on
- two

1. first
2. second

| name | value |
| --- | --- |
| <b>bold</b> | 1 \\| 2 |

```
make train
```

![Reliability](reliability.svg) ![up](../../manifest.svg)
"""
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'><rect width='40' height='30'/></svg>"


@pytest.fixture(scope="module")
def carded(serve: Callable[..., Any], build_topic: Callable[..., Path], tmp_path_factory: Any) -> Iterator[Any]:
    """A server of topic 1 and 2, of which the first has figures, a plan and a card that means no good."""
    models = tmp_path_factory.mktemp("carded")
    statistics = {"rows": 50.0, "accuracy": 0.9125, "log_loss": 1.25, "share_of/World": 0.75, "share_of/Sports": 0.25}
    folder = build_topic(models, statistics=statistics)
    (folder / "MODEL_CARD.md").write_text(CARD)
    (folder / "reliability.svg").write_text(SVG)
    write_manifest(folder, read_manifest(folder).model_dump(exclude={"files"}, exclude_none=True))
    build_topic(models, version=2)
    (models / "topic" / "serving.json").write_text('{"labels": {"stable": 1}}')
    with serve(models) as server:
        yield server


def card(page: Page, version: int) -> Locator:
    """A version's card, opened."""
    found = page.locator(f"#card-topic-{version}")
    found.locator("> summary").click()
    return found


def test_a_card_tells_what_runs_and_what_was_measured(carded: Any, open_page: OpenPage) -> None:
    page = open_page(carded.url, locale="en-GB")
    one = card(page, 1)
    expect(one.locator("> summary")).to_contain_text("topic, version 1")
    expect(one.locator("> summary .badge")).to_have_text(["stable"])
    expect(one.locator(".headline")).to_have_text("accuracy 0.9125")
    expect(one).to_contain_text("takes tokens")
    expect(one).to_contain_text("[any, 6]")
    expect(one).to_contain_text("World, Sports, Business, Sci/Tech")
    expect(one).to_contain_text("Runtimeonnx")
    expect(one).to_contain_text("as planned")
    expect(one).to_contain_text("8 rows0.10 ms")
    expect(one).to_contain_text("World75.0%")
    expect(one).to_contain_text("log loss1.2500")
    expect(one).to_contain_text("Test rows50")
    expect(one.get_by_role("link", name="OpenAPI document")).to_have_attribute(
        "href", f"{carded.url}/models/topic/versions/1/openapi.json"
    )
    expect(page.locator("#card-topic-2 > summary .badge")).to_have_text(["answers by default"])


def test_a_card_s_markdown_is_read_and_never_run(carded: Any, open_page: OpenPage) -> None:
    page = open_page(carded.url, locale="en-GB")
    makers = card(page, 1).locator(".makers")
    makers.locator("summary").click()
    text = makers.locator(".markdown")
    expect(text.locator("h4")).to_have_text("Tiny, version 1")
    expect(text).to_contain_text("<script>document.title='broken'</script>")
    expect(text.locator("strong")).to_have_text("strong")
    expect(text.locator("p code")).to_have_text("code <b>")
    expect(text.locator("ul > li")).to_have_text(["one goes on", "two"])
    expect(text.locator("ol > li")).to_have_text(["first", "second"])
    expect(text.locator("td")).to_have_text(["<b>bold</b>", "1 | 2"])
    expect(text.locator("pre")).to_have_text("make train")
    expect(text).to_contain_text("A second line.")
    assert text.locator("a").evaluate_all("links => links.map((link) => link.href)") == ["https://example.org/"]
    expect(text.locator("script, b, iframe")).to_have_count(0)
    pictures = text.locator("img")
    expect(pictures).to_have_attribute("src", f"{carded.url}/models/topic/versions/1/plots/reliability.svg")
    expect(pictures).to_have_js_property("naturalWidth", 400)
    assert page.title() != "broken"


def test_a_version_without_a_card_says_so(carded: Any, open_page: OpenPage) -> None:
    page = open_page(carded.url, locale="en-GB")
    makers = card(page, 2).locator(".makers")
    makers.locator("summary").click()
    expect(makers.locator(".markdown")).to_have_text("This version has no model card.")


def test_an_open_card_stays_open_in_the_other_language(carded: Any, open_page: OpenPage) -> None:
    page = open_page(carded.url, locale="zh-CN")
    one = card(page, 1)
    expect(one).to_contain_text("实际运行方式")
    page.locator("#language").click()
    expect(page.locator("#card-topic-1")).to_contain_text("What runs")
    expect(page.locator("#card-topic-1")).to_have_attribute("open", "")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_shipped_card_is_legible_and_shows_its_plots(
    server: Any, open_page: OpenPage, axe: Any, screenshot: Any, colours: str
) -> None:
    page = open_page(server.url, locale="en-GB", color_scheme=colours)
    one = page.locator(".version-card").first
    one.locator("> summary").click()
    one.locator(".makers summary").click()
    expect(one.locator(".markdown h4").first).to_be_visible()
    pictures = one.locator(".markdown img")
    assert pictures.count() > 3
    for picture in pictures.all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert axe(page) == []
    screenshot(page, f"cards-{colours}")


def test_on_a_phone_nothing_scrolls_sideways(server: Any, open_page: OpenPage, screenshot: Any) -> None:
    page = open_page(server.url, locale="en-GB", viewport={"width": 360, "height": 740})
    one = page.locator(".version-card").first
    one.locator("> summary").click()
    one.locator(".makers summary").click()
    expect(one.locator(".markdown h4").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(page, "cards-phone")
