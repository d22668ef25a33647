"""`python -m scripts.documents`: the documentation as a site in build/documents/site, without warnings or network."""

import subprocess
import sys
from pathlib import Path

import click

from scripts.console import told_plainly
from scripts.documentation.pages import write_pages

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "zensical.toml"
SOURCE = ROOT / "build" / "documents" / "source"
SITE = ROOT / "build" / "documents" / "site"


@click.command()
def main() -> None:
    """Write the pages that come from code, then build the site; any warning, such as a dead link, ends it with 1."""
    with told_plainly():
        write_pages(ROOT, SOURCE)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(CONFIGURATION)]
    built = subprocess.run(command, check=False)
    if built.returncode == 0:
        click.echo(f"{SITE.relative_to(ROOT)}/index.html")
    sys.exit(built.returncode)


if __name__ == "__main__":
    main()
