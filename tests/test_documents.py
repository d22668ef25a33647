"""Documents that cannot drift: every setting, route, metric, error code and command is named in README.md or docs/."""

import posixpath
from pathlib import Path, PurePosixPath

import pytest
import yaml
from prometheus_client import CollectorRegistry, Metric

from app import errors
from app.cli import COMMANDS
from app.http.problems import STATUS
from app.main import create_app
from app.observability.metrics import Metrics
from app.settings import PREFIX, Settings
from scripts.documentation.configuration import configuration_table
from scripts.documentation.links import LINK
from scripts.documentation.pages import SETTINGS_MARK, site_pages

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def documents() -> str:
    """README.md and everything in docs/ but the decisions and the training log, which tell of the past."""
    pages = sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs" / "reference").glob("*.md"))
    files = [ROOT / "README.md", *(page for page in pages if page.name != "training-log.md")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def page(name: str) -> str:
    """A page of docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def linking_pages() -> list[PurePosixPath]:
    """Every file of the repository that stands on the site, and README.md."""
    pages = (path for path in site_pages(ROOT) if path.suffix == ".md" and (ROOT / path).is_file())
    return [PurePosixPath("README.md"), *sorted(pages)]


def routes() -> set[str]:
    """Every path that the application serves by itself."""
    paths = create_app(Settings(models_dir=Path("absent"))).openapi()["paths"]
    return {*paths, "/predict/{model}", "/explain/{model}", "/docs", "/openapi.json"}


def test_the_table_of_settings_stands_on_the_page_of_the_configuration() -> None:
    assert page("reference/configuration.md").count(SETTINGS_MARK) == 1


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in configuration_table()
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", linking_pages(), ids=str)
def test_every_link_leads_to_a_file_or_to_a_page_that_code_writes(name: PurePosixPath) -> None:
    written = LINK.findall((ROOT / name).read_text(encoding="utf-8"))
    targets = {PurePosixPath(posixpath.normpath(name.parent / path)) for _, path, _ in written if path[0] != "#"}
    assert [str(target) for target in targets - site_pages(ROOT).keys() if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("path", sorted(routes()))
def test_every_route_is_documented(documents: str, path: str) -> None:
    assert path in documents


@pytest.mark.parametrize(
    "family", list(Metrics(CollectorRegistry()).registry.collect()), ids=lambda family: family.name
)
def test_every_metric_is_documented_with_its_type(family: Metric) -> None:
    name = f"`{family.name}_total`" if family.type == "counter" else f"`{family.name}`"
    rows = [line.split("|") for line in page("reference/metrics.md").splitlines() if line.startswith("| `horngate_")]
    assert [row[2].strip() for row in rows if name in row[1]] == [family.type]


def test_every_alert_is_documented() -> None:
    groups = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        assert f"| `{rule['alert']}` |" in page("operations.md")


CODES = {error.code for error in STATUS} | {"route_not_found", "method_not_allowed", "internal"}


@pytest.mark.parametrize("code", sorted(CODES - {errors.RequestInvalid.code}))
def test_every_error_code_is_documented(code: str) -> None:
    assert f"`{code}`" in page("reference/errors.md")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert f"`horngate {name}" in page("command-line.md")
