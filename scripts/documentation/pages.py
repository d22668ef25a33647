"""The pages of the site: which file of the repository each comes from, and what the code itself writes into them."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.repository.scanner import scan
from scripts.documentation.api import api_page
from scripts.documentation.configuration import configuration_table
from scripts.documentation.links import relinked

DOCUMENTS = PurePosixPath("docs")
DECISIONS = DOCUMENTS / "decisions"
CARD = "MODEL_CARD.md"

ELSEWHERE = {
    PurePosixPath("ARCHITECTURE.md"): PurePosixPath("architecture.md"),
    PurePosixPath("CHANGELOG.md"): PurePosixPath("changelog.md"),
    PurePosixPath("recipes/README.md"): PurePosixPath("recipes.md"),
}
"""Pages that do not lie in docs/."""

SETTINGS_MARK = "<!-- the table of settings, written from app/settings.py when the documentation is built -->"
"""Stands on a page where the table goes."""

SHOWN = {".md", ".png", ".svg", ".css"}
"""What of docs/ and of a model's folder goes onto the site."""

Pages = dict[PurePosixPath, PurePosixPath]


def write_pages(root: Path, target: Path) -> None:
    """Write all that the site is made of into `target`, which is emptied first; `root` is the repository."""
    shutil.rmtree(target, ignore_errors=True)
    pages = site_pages(root)
    written = {source: place for source, place in pages.items() if (root / source).is_file()}
    for source, place in written.items():
        to = target / place
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".md":
            text = (root / source).read_text(encoding="utf-8")
            to.write_text(_filled(relinked(text, source, pages)), encoding="utf-8")
        else:
            shutil.copyfile(root / source, to)
    (target / pages[DECISIONS]).write_text(_decisions(root), encoding="utf-8")
    (target / "reference" / "api.md").write_text(asyncio.run(api_page(root / "models")), encoding="utf-8")


def site_pages(root: Path) -> Pages:
    """Where each file of the repository stands on the site.

    Pages that code writes or copies stand here as if they lay in docs/, so that others may link them.
    """
    pages = {**ELSEWHERE, DECISIONS: PurePosixPath("decisions/index.md")}
    for file in sorted((root / DOCUMENTS).rglob("*")):
        if file.suffix in SHOWN:
            source = PurePosixPath(file.relative_to(root).as_posix())
            pages[source] = source.relative_to(DOCUMENTS)
    pages[DOCUMENTS / "reference" / "api.md"] = PurePosixPath("reference/api.md")
    pages.update(_cards(root))
    return pages


def _cards(root: Path) -> Pages:
    """The newest version's card of each model that lies in models/, and the plots that it shows."""
    found, _ = scan(root / "models")
    pages: Pages = {}
    for name, versions in found.items():
        folder = versions[0].path
        if (folder / CARD).is_file():
            source, place = PurePosixPath(folder.relative_to(root).as_posix()), PurePosixPath("models", f"{name}.md")
            pages[source / CARD] = pages[DOCUMENTS / place] = place
            pages.update(
                {source / plot.name: PurePosixPath("models", name, plot.name) for plot in folder.glob("*.svg")}
            )
    return pages


def _filled(text: str) -> str:
    """The page with the table of settings where it asks for it."""
    return text.replace(SETTINGS_MARK, configuration_table()) if SETTINGS_MARK in text else text


def _decisions(root: Path) -> str:
    """The page that lists the decision records, by their own titles."""
    lines = ["# Decisions", "", "Why things are as they are, with what was measured.", "", *_titles(root)]
    return "\n".join(lines) + "\n"


def _titles(root: Path) -> Iterator[str]:
    """A linked line for each record, in order."""
    for record in sorted((root / DECISIONS).glob("*.md")):
        title = record.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        yield f"- [{title}]({record.name})"
