"""The panels of texts: both languages, the words to blame, and texts that nobody expects."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

PANEL = ".panel:not([hidden])"
VERDICT = f"{PANEL} .verdict .label"
NOTICE = f"{PANEL} .notice"


@pytest.fixture
def sentiment(page: Page) -> Page:
    """The playground with the panel of sentiment open."""
    page.get_by_role("link", name="sentiment").click()
    expect(page.locator(f"{PANEL} textarea")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    """Put a text in place of what stands there."""
    page.locator(f"{PANEL} textarea").fill(text)


@pytest.mark.parametrize(
    ("text", "label", "blamed"),
    [
        ("A wonderful film", "positive", "wonderful"),
        ("It was a boring film.", "negative", "boring"),
        ("酒店很干净，但是早餐非常难吃。", "negative", "[难吃]"),
    ],
)
def test_both_languages_are_read_and_the_word_to_blame_stands_out(
    sentiment: Page, screenshot: Callable, text: str, label: str, blamed: str
) -> None:
    write(sentiment, text)
    expect(sentiment.locator(VERDICT)).to_have_text(label)
    expect(sentiment.locator(f"{PANEL} .tinted")).to_have_text(text)
    strongest = sentiment.locator(f"{PANEL} .word.for[style*='--weight: 1.00']")
    expect(strongest).to_have_text(re.compile(blamed))
    expect(strongest).to_have_css("text-decoration-line", "underline")
    screenshot(sentiment, f"sentiment-{label}-{len(text)}")


def test_the_reasons_stand_in_a_table_too_strongest_first(sentiment: Page) -> None:
    write(sentiment, "It was a boring film with a lovely soundtrack.")
    sentiment.locator(f"{PANEL} .bar", has_text="negative").click()
    expect(sentiment.get_by_role("heading", name="What speaks for “negative”")).to_be_visible()
    sentiment.locator(f"{PANEL} summary").click()
    rows = sentiment.locator(f"{PANEL} details tbody tr")
    expect(rows.filter(has_text="boring")).to_contain_text(", for")
    expect(rows.filter(has_text="lovely")).to_contain_text(", against")
    weights = [abs(float(cell.split(",")[0])) for cell in rows.locator("td:last-child").all_inner_texts()]
    assert len(weights) > 2
    assert weights == sorted(weights, reverse=True)


def test_typing_letter_by_letter_ends_with_the_whole_text(sentiment: Page) -> None:
    sentiment.locator(f"{PANEL} textarea").press_sequentially("An awful, boring film")
    expect(sentiment.locator(VERDICT)).to_have_text("negative")
    expect(sentiment.locator(f"{PANEL} .tinted")).to_have_text("An awful, boring film")


def test_an_example_is_one_click(page: Page) -> None:
    page.get_by_role("link", name="topic").click()
    page.get_by_role("button", name="The striker scored twice").click()
    expect(page.locator(VERDICT)).to_have_text("Sports")
    expect(page.locator(f"{PANEL} .bar")).to_have_count(4)


def test_another_class_can_be_asked_for_its_reasons(sentiment: Page) -> None:
    write(sentiment, "A wonderful film")
    expect(sentiment.get_by_role("heading", name="What speaks for “positive”")).to_be_visible()
    sentiment.locator(f"{PANEL} .bar", has_text="negative").click()
    expect(sentiment.get_by_role("heading", name="What speaks for “negative”")).to_be_visible()
    expect(sentiment.locator(f"{PANEL} .word.against", has_text="wonderful")).to_be_visible()


def test_html_in_a_text_stays_text(sentiment: Page) -> None:
    text = "<img src=x onerror=alert(1)><b>wonderful</b> & \"quoted\" </p><script>document.title='x'</script>"
    write(sentiment, text)
    expect(sentiment.locator(f"{PANEL} .tinted")).to_have_text(text)
    assert sentiment.locator(f"{PANEL} :is(img, b, script)").count() == 0
    assert sentiment.title() == "Horngate playground"


def test_an_emoji_before_a_word_moves_no_tint(sentiment: Page) -> None:
    """Places count code points; in JavaScript's own units each of these takes two or more."""
    write(sentiment, "🎬👨‍👩‍👧 A wonderful film")
    expect(sentiment.locator(f"{PANEL} .word.for[style*='--weight: 1.00']")).to_have_text("wonderful")


def test_a_text_of_100000_characters_is_read_and_one_more_is_refused(sentiment: Page, tolerated: list[str]) -> None:
    tolerated.append("status of 413")
    write(sentiment, "good " * 20_000)
    expect(sentiment.locator(VERDICT)).to_have_text("positive")
    expect(sentiment.get_by_text("The model reads only a part of so long a text")).to_be_visible()
    write(sentiment, "good " * 20_000 + "!")
    expect(sentiment.locator(NOTICE)).to_contain_text("413 too_large")
    expect(sentiment.locator(VERDICT)).to_have_text("–")
    write(sentiment, "good")
    expect(sentiment.locator(NOTICE)).to_be_hidden()


def test_an_emptied_text_asks_nothing_and_shows_nothing(sentiment: Page) -> None:
    write(sentiment, "A wonderful film")
    expect(sentiment.locator(VERDICT)).to_have_text("positive")
    write(sentiment, "   ")
    expect(sentiment.locator(VERDICT)).to_have_text("–")
    expect(sentiment.locator(f"{PANEL} .tinted")).to_be_hidden()


def test_a_slow_answer_never_replaces_a_newer_one(sentiment: Page) -> None:
    held: list[Route] = []
    sentiment.route("**/predict/sentiment", lambda route: route.continue_() if held else held.append(route))
    write(sentiment, "A wonderful film")
    expect(sentiment.locator(f"{PANEL} .progress")).to_contain_text("Waiting for the server")
    write(sentiment, "A boring, awful film")
    expect(sentiment.locator(VERDICT)).to_have_text("negative")
    held[0].fulfill(json={"label": "positive", "score": 1, "probabilities": {"positive": 1, "negative": 0}})
    expect(sentiment.locator(f"{PANEL} .tinted")).to_have_text("A boring, awful film")
    expect(sentiment.locator(VERDICT)).to_have_text("negative")


def test_a_busy_server_is_asked_again_when_it_said(sentiment: Page, tolerated: list[str]) -> None:
    tolerated.append("status of 429")
    problem = {"title": "Too many requests are waiting", "status": 429, "detail": "full", "code": "queue_full"}
    sentiment.route(
        "**/predict/sentiment", lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, json=problem)
    )
    write(sentiment, "A wonderful film")
    expect(sentiment.locator(NOTICE)).to_contain_text("Too many requests are waiting. Trying again in 1 s.")
    sentiment.unroute("**/predict/sentiment")
    expect(sentiment.locator(VERDICT)).to_have_text("positive")
    expect(sentiment.locator(NOTICE)).to_be_hidden()
