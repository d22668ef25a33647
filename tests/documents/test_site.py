"""The site as `make docs` builds it: without a warning, without another host, with every page in its place."""

import html.parser
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "documents" / "site"
LOADING = {"img", "script", "link", "iframe", "source", "video", "audio", "object", "embed"}
"""Elements that fetch something as the page opens."""

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def built() -> str:
    """What the command says; the site stands when it ends."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.documents"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]


class Loaded(html.parser.HTMLParser):
    """What a page fetches as it opens, and the diagrams that would fetch a library."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.classes.update((given.get("class") or "").split())
        if tag in LOADING and given.get("rel") not in ("canonical", "next", "prev"):
            self.addresses += [address for name in ("src", "href", "data") if (address := given.get(name))]


def pages() -> Iterator[Path]:
    yield from sorted(SITE.rglob("*.html"))


def leaves(nav: Any) -> Iterator[str]:
    """The pages that the navigation leads to."""
    for entry in nav:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else leaves(value)


def test_it_is_built_without_a_warning(built: str) -> None:
    assert "No issues found" in built
    assert "Warning" not in built


def test_no_page_fetches_anything_from_another_host(built: str) -> None:
    found = 0
    for page in pages():
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        found += len(loaded.addresses)
        foreign = [address for address in loaded.addresses if re.match(r"[a-z]+:|//", address)]
        assert foreign == [], page
        # What the theme would fetch a library for.
        assert not loaded.classes & {"mermaid", "arithmatex", "glightbox"}, page
    assert found > 100


def test_no_style_sheet_fetches_anything_from_another_host(built: str) -> None:
    sheets = list(SITE.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(https?:|//)", text), sheet


def test_every_page_of_docs_is_in_the_navigation(built: str, configuration: dict[str, Any]) -> None:
    named = set(leaves(configuration["nav"]))
    written = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in written if not page.startswith("decisions/")} <= named


def test_every_entry_of_the_navigation_has_a_page(built: str, configuration: dict[str, Any]) -> None:
    for page in leaves(configuration["nav"]):
        assert (SITE / page).with_suffix(".html").is_file(), page


def test_every_decision_is_listed(built: str) -> None:
    index = (SITE / "decisions" / "index.html").read_text(encoding="utf-8")
    for record in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f'href="{record.stem}.html"' in index


def test_search_finds_words_of_hand_written_and_generated_pages(built: str) -> None:
    items = json.loads((SITE / "search.json").read_text(encoding="utf-8"))["items"]
    places = {word: {item["location"] for item in items if word in item["text"]} for word in ("Retry-After", "PSS")}
    assert any(place.startswith("reference/errors.html") for place in places["Retry-After"])
    assert any(place.startswith("from-fastapi.html") for place in places["PSS"])
    assert any("HORNGATE_DRAIN_SECONDS" in item["text"] for item in items)
    assert any(item["location"].startswith("reference/api.html") for item in items)
