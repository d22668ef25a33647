"""The pages that are made of a small repository, with tiny models in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.documentation.pages import SETTINGS_MARK, write_pages

FILES = {
    "ARCHITECTURE.md": "# Architecture\n\n[Start](docs/index.md), [code](app/main.py)\n",
    "CHANGELOG.md": "# Changes\n",
    "recipes/README.md": "# Recipes\n",
    "docs/index.md": "# Home\n\n[Map](../ARCHITECTURE.md), [API](reference/api.md), [topic](models/topic.md)\n",
    "docs/reference/configuration.md": f"# Configuration\n\n{SETTINGS_MARK}\n",
    "docs/decisions/0001-why.md": "# 0001: why\n\nStatus: accepted.\n",
    "docs/notes.txt": "not a page",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, tiny_models: Path) -> Iterator[Path]:
    """Where the pages stand; something that was there before is gone."""
    root = tmp_path_factory.mktemp("repository")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for model in tiny_models.iterdir():
        (root / "models").mkdir(exist_ok=True)
        (root / "models" / model.name).symlink_to(model)
    target = root / "build"
    (target / "old").mkdir(parents=True)
    write_pages(root, target)
    return target


def test_links_lead_between_pages_wherever_their_files_lie(source: Path) -> None:
    assert "[Map](architecture.md), [API](reference/api.md)" in (source / "index.md").read_text()
    assert (source / "architecture.md").read_text() == "# Architecture\n\n[Start](index.md), code\n"


def test_only_what_belongs_onto_the_site_is_there(source: Path) -> None:
    assert not (source / "old").exists()
    assert not (source / "notes.txt").exists()
    assert (source / "changelog.md").is_file()
    assert (source / "recipes.md").is_file()


def test_the_settings_stand_where_the_page_asks_for_them(source: Path) -> None:
    text = (source / "reference" / "configuration.md").read_text()
    assert "| `HORNGATE_PORT` |" in text
    assert SETTINGS_MARK not in text


def test_the_decisions_are_listed_by_their_titles(source: Path) -> None:
    assert "- [0001: why](0001-why.md)" in (source / "decisions" / "index.md").read_text()


@pytest.mark.parametrize(
    "told",
    [
        "## The model sentiment",
        "### `POST /predict/sentiment`",
        "### `POST /v1/models/digit:predict`",
        "### `POST /v2/models/adder/infer`",
        "### `GET /health`",
        '"status": "ready"',
        '``` json title="sent"\n{\n  "text": ',
        "### Problem { #schema-problem }",
    ],
)
def test_the_api_is_told_with_what_the_models_answered(source: Path, told: str) -> None:
    assert told in (source / "reference" / "api.md").read_text()
