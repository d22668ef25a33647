from pathlib import PurePosixPath as Path

import pytest

from scripts.documentation.links import relinked

PAGES = {
    Path("README.md"): Path("readme.md"),
    Path("docs/index.md"): Path("index.md"),
    Path("docs/reference/errors.md"): Path("reference/errors.md"),
    Path("docs/decisions"): Path("decisions/index.md"),
    Path("models/topic/3/MODEL_CARD.md"): Path("models/topic.md"),
    Path("models/topic/3/roc.svg"): Path("models/topic/roc.svg"),
}


@pytest.mark.parametrize(
    ("source", "written", "on_the_site"),
    [
        ("README.md", "[e](docs/reference/errors.md#codes)", "[e](reference/errors.md#codes)"),
        ("README.md", "[why](docs/decisions/)", "[why](decisions/index.md)"),
        ("docs/reference/errors.md", "[home](../index.md)", "[home](../index.md)"),
        ("docs/index.md", "[up](../README.md)", "[up](readme.md)"),
        ("models/topic/3/MODEL_CARD.md", "![curve](roc.svg)", "![curve](topic/roc.svg)"),
        ("docs/index.md", "[here](#there)", "[here](#there)"),
        ("docs/index.md", "[out](https://example.org/a.md)", "[out](https://example.org/a.md)"),
        ("docs/index.md", "[code](../app/main.py)", "code"),
    ],
)
def test_a_link_leads_to_where_its_page_stands_on_the_site(source, written, on_the_site):
    assert relinked(written, Path(source), PAGES) == on_the_site
